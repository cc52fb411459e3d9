"""What people call kinds, themes and counties when they search, in both languages and with what else they say."""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "co_training": "共培 共同培力 工作坊 co-training workshop",
    "sig_meeting": "SIG 議題社群 社群會議 special interest group meeting",
    "forum": "論壇 研討會 forum",
    "workshop": "工作坊 研習 workshop",
    "expo": "博覽會 展覽 expo exhibition",
    "observation_visit": "觀摩 參訪 observation visit",
}

THEMES: Final = {
    "local_care": "在地關懷 local care",
    "environment": "環境永續 sustainable environment",
    "industry_economy": "產業鏈結與經濟永續 industry links sustainable economy",
    "health_food": "健康促進與食品安全 食安 health promotion food safety",
    "culture": "文化永續 sustainable culture",
    "other": "其他社會實踐 other social practice",
}

COUNTIES: Final = {
    "keelung": "基隆市 Keelung City",
    "taipei": "臺北市 Taipei City",
    "new-taipei": "新北市 New Taipei City",
    "taoyuan": "桃園市 Taoyuan City",
    "hsinchu-city": "新竹市 Hsinchu City",
    "hsinchu-county": "新竹縣 Hsinchu County",
    "miaoli": "苗栗縣 Miaoli County",
    "taichung": "臺中市 Taichung City",
    "changhua": "彰化縣 Changhua County",
    "nantou": "南投縣 Nantou County",
    "yunlin": "雲林縣 Yunlin County",
    "chiayi-city": "嘉義市 Chiayi City",
    "chiayi-county": "嘉義縣 Chiayi County",
    "tainan": "臺南市 Tainan City",
    "kaohsiung": "高雄市 Kaohsiung City",
    "pingtung": "屏東縣 Pingtung County",
    "yilan": "宜蘭縣 Yilan County",
    "hualien": "花蓮縣 Hualien County",
    "taitung": "臺東縣 Taitung County",
    "penghu": "澎湖縣 Penghu County",
    "kinmen": "金門縣 Kinmen County",
    "lienchiang": "連江縣 馬祖 Lienchiang County Matsu",
}
