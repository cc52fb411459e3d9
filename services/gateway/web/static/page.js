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

// What was just done is said again by putting it into the page: readers pass over what was there from the beginning.
const toasts = document.querySelector(".toasts");
if (toasts?.firstChild) {
  const said = [...toasts.childNodes];
  toasts.replaceChildren();
  setTimeout(() => toasts.append(...said), 150);
  setTimeout(() => toasts.replaceChildren(), 8000);
}

// Addresses of searches without what was left empty.
for (const form of document.querySelectorAll("form[role=search]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}

// Seats as they change: listened for when the page is complete, so that what makes it up comes first.
const seats = document.querySelector("[data-live]");
if (seats && "EventSource" in window) {
  const words = (name, count, values) =>
    seats.dataset[`${name}${count === 1 ? "One" : "More"}`].replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  const show = (row, { limit, taken, waiting }) => {
    const left = Math.max(0, limit - taken);
    const open = waiting < Number(seats.dataset.waitingLimit);
    const state = left ? "free" : open ? "waiting" : "full";
    row.className = `seats-pool seats-${state}`;
    const values = { num: left, limit, taken };
    if (limit) row.querySelector(".seats-words").textContent = words(left ? "left" : "taken", left || limit, values);
    row.querySelector(".seats-bar-taken").setAttribute("width", left ? Math.floor((100 * taken) / limit) : 100);
    let queue = row.querySelector(".seats-queue");
    if (!waiting) return queue?.remove();
    if (!queue) {
      queue = Object.assign(document.createElement("span"), { className: "seats-queue" });
      row.append(queue);
    }
    queue.textContent = words("queue", waiting, { num: waiting });
  };
  const listen = () => {
    const source = new EventSource(seats.dataset.live);
    source.addEventListener("seats", ({ data }) => {
      const pools = JSON.parse(data).seats;
      for (const row of seats.querySelectorAll("[data-pool]")) if (pools[row.dataset.pool]) show(row, pools[row.dataset.pool]);
    });
    addEventListener("pagehide", () => source.close());
  };
  if (document.readyState === "complete") listen();
  else addEventListener("load", listen, { once: true });
}

// A month by keys: arrows go from day to day, Page Up and Page Down to other months, Enter opens a day.
const month = document.querySelector("[data-month]");
if (month) {
  const rows = [...month.tBodies[0].rows].map((row) => [...row.cells]);
  const days = rows.flat().filter((cell) => !cell.classList.contains("day-outside"));
  let current = days.find((day) => day.ariaCurrent) ?? days[0];
  month.setAttribute("role", "grid");
  month.setAttribute("aria-describedby", "month-keys");
  for (const row of month.rows) row.setAttribute("role", "row");
  for (const day of rows.flat()) day.setAttribute("role", "gridcell");
  for (const day of days) day.tabIndex = day === current ? 0 : -1;
  const move = (day) => {
    if (!day) return;
    current.tabIndex = -1;
    current = day;
    current.tabIndex = 0;
    current.focus();
  };
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  month.addEventListener("keydown", (event) => {
    const at = days.indexOf(event.target.closest("td"));
    const week = rows.find((row) => row.includes(days[at]))?.filter((day) => days.includes(day));
    if (event.altKey || event.ctrlKey || event.metaKey || at < 0) return;
    if (event.key in steps) move(days[at + steps[event.key]]);
    else if (event.key === "Home") move(week[0]);
    else if (event.key === "End") move(week.at(-1));
    else if (event.key === "PageUp") document.querySelector(".month-head [rel=prev]")?.click();
    else if (event.key === "PageDown") document.querySelector(".month-head [rel=next]")?.click();
    else if (event.key === "Enter" && event.target === days[at]) days[at].querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
}
