// Small comforts. Everything works without this file.

// A form that is being sent is not sent again by an impatient second click.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = form.querySelector("[data-sending]");
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.sending;
    button.setAttribute("aria-disabled", "true");
  });
}

// Back from the next page, the browser may show this one as it was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    const button = form.querySelector("[data-sending]");
    if (button.dataset.words) button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
});

// Whose turn has come in the waiting room has filled in the form already.
function sendNow() {
  document.querySelector("form[data-send-now]")?.requestSubmit();
}
sendNow();

// While a registration is being decided its page is asked again; what came of it is put in place and read out.
const waiting = document.querySelector("[data-refresh]");
if (waiting) {
  let seconds = Number(waiting.dataset.refresh);
  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const outcome = page.getElementById("outcome");
      if (!outcome && answer.status < 500) {
        location.reload();
        return;
      }
      if (outcome) {
        const decided = !("refresh" in outcome.dataset);
        if (decided || document.title !== page.title) waiting.replaceChildren(...outcome.childNodes);
        document.title = page.title;
        if (decided) {
          sendNow();
          return;
        }
        seconds = Number(outcome.dataset.refresh);
      }
    } catch {
      // The network is away: keep asking.
    }
    setTimeout(look, seconds * 1000);
  };
  setTimeout(look, seconds * 1000);
}
