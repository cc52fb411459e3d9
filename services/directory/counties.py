"""The 22 counties and cities of Taiwan, by the slug that contracts use, as people write them."""

from directory.domain.facts import Text

COUNTIES: dict[str, Text] = {
    "keelung": Text("基隆市", "Keelung City"),
    "taipei": Text("臺北市", "Taipei City"),
    "new-taipei": Text("新北市", "New Taipei City"),
    "taoyuan": Text("桃園市", "Taoyuan City"),
    "hsinchu-city": Text("新竹市", "Hsinchu City"),
    "hsinchu-county": Text("新竹縣", "Hsinchu County"),
    "miaoli": Text("苗栗縣", "Miaoli County"),
    "taichung": Text("臺中市", "Taichung City"),
    "changhua": Text("彰化縣", "Changhua County"),
    "nantou": Text("南投縣", "Nantou County"),
    "yunlin": Text("雲林縣", "Yunlin County"),
    "chiayi-city": Text("嘉義市", "Chiayi City"),
    "chiayi-county": Text("嘉義縣", "Chiayi County"),
    "tainan": Text("臺南市", "Tainan City"),
    "kaohsiung": Text("高雄市", "Kaohsiung City"),
    "pingtung": Text("屏東縣", "Pingtung County"),
    "yilan": Text("宜蘭縣", "Yilan County"),
    "hualien": Text("花蓮縣", "Hualien County"),
    "taitung": Text("臺東縣", "Taitung County"),
    "penghu": Text("澎湖縣", "Penghu County"),
    "kinmen": Text("金門縣", "Kinmen County"),
    "lienchiang": Text("連江縣", "Lienchiang County"),
}

_slugs = {
    written: slug
    for slug, name in COUNTIES.items()
    for written in (slug, name.zh, name.zh.replace("臺", "台"), name.en)
}


def county(written: str) -> str | None:
    """The slug of a county given by its slug or by its name in either language; None if there is no such county."""
    return _slugs.get(written)
