//! Words that titles, stories and names are made of.

pub(super) mod names;

/// Heads and tails that go together in any combination, and what goes between.
pub(super) struct Phrases {
    pub(super) heads: &'static [&'static str],
    pub(super) joint: &'static str,
    pub(super) tails: &'static [&'static str],
}

/// Original titles, for the languages that have some of their own.
pub(super) fn phrases(language: &str) -> Option<&'static Phrases> {
    Some(match language {
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "it" => &ITALIAN,
        "pt" => &PORTUGUESE,
        "de" => &GERMAN,
        "ru" => &RUSSIAN,
        "ja" => &JAPANESE,
        "zh" | "cn" => &CHINESE,
        "ko" => &KOREAN,
        "hi" => &HINDI,
        "sv" => &SWEDISH,
        "pl" => &POLISH,
        _ => return None,
    })
}

pub(super) const ADJECTIVES: [&str; 56] = [
    "Amber", "Ashen", "Bitter", "Borrowed", "Brittle", "Broken", "Burning", "Cobalt", "Copper",
    "Crooked", "Distant", "Drowned", "Electric", "Empty", "Fading", "Feral", "Flooded",
    "Forgotten", "Frozen", "Gilded", "Glass", "Hollow", "Hungry", "Idle", "Inland", "Invisible",
    "Iron", "Ivory", "Lonesome", "Lost", "Midnight", "Moonlit", "Nameless", "Northern", "Paper",
    "Patient", "Quiet", "Reckless", "Restless", "Rusted", "Salted", "Savage", "Scarlet", "Second",
    "Secret", "Shallow", "Silver", "Sleepless", "Stolen", "Sunken", "Tender", "Thirsty",
    "Unwritten", "Velvet", "Wandering", "Winter",
];

pub(super) const NOUNS: [&str; 84] = [
    "Almanac", "Anchor", "Apiary", "Archive", "Armistice", "Atlas", "Avalanche", "Ballad",
    "Balcony", "Beacon", "Bellwether", "Bridge", "Cabaret", "Caravan", "Carnival", "Cartographer",
    "Cathedral", "Causeway", "Chandelier", "Cipher", "Clockmaker", "Comet", "Compass", "Conductor",
    "Cormorant", "Corridor", "Courier", "Crossing", "Daughter", "Delta", "Detour", "Dynamo",
    "Echo", "Elevator", "Ember", "Estuary", "Ferry", "Foundry", "Furnace", "Galaxy", "Garrison",
    "Glacier", "Greenhouse", "Harbor", "Harvest", "Heirloom", "Horizon", "Hourglass",
    "Inheritance", "Junction", "Labyrinth", "Lantern", "Ledger", "Lighthouse", "Locksmith",
    "Machine", "Marionette", "Masquerade", "Meridian", "Metronome", "Monsoon", "Mosaic",
    "Observatory", "Orchard", "Parade", "Pendulum", "Pilgrim", "Postcard", "Quarry", "Raincoat",
    "Reservoir", "Rooftop", "Sanctuary", "Satellite", "Shoreline", "Sparrow", "Stranger",
    "Telegram", "Tempest", "Threshold", "Tower", "Voyage", "Waltz", "Witness",
];

pub(super) const PLACES: [&str; 32] = [
    "Aldermoor", "Belcastro Bay", "Brackenfell", "Cape Sorrow", "Cinder Hill", "Coldwater Flats",
    "Dunmarrow", "East Harrowgate", "Elmira Creek", "Fallow County", "Graywick", "Halcyon Street",
    "Hollin Point", "Kestrel Ridge", "Larkspur", "Mercy Junction", "Morrow Island", "Nettlebridge",
    "Old Tarn", "Pale Harbor", "Port Lisbeth", "Quillan", "Ravensmoor", "Saint Orlo", "Saltmere",
    "Stillwater Pass", "Tallow Lane", "Thornby", "Umber Valley", "Varnholm", "Westering",
    "Yarrow Falls",
];

pub(super) const SUBTITLES: [&str; 16] = [
    "Aftermath", "The Return", "Nightfall", "Reckoning", "Homecoming", "The Long Way Back",
    "Origins", "Afterglow", "No Quarter", "The Second Winter", "Undertow", "Last Light",
    "New Blood", "The Crossing", "Exile", "Daybreak",
];

pub(super) const OCCUPATIONS: [&str; 32] = [
    "accountant", "archivist", "baker", "beekeeper", "boxer", "bus driver", "cellist", "coroner",
    "customs officer", "deep-sea diver", "detective", "dressmaker", "farmer", "forger", "gardener",
    "geologist", "glassblower", "lighthouse keeper", "locksmith", "midwife", "night porter",
    "nurse", "pickpocket", "pilot", "puppeteer", "radio operator", "schoolteacher", "smuggler",
    "soldier", "stunt rider", "surveyor", "translator",
];

pub(super) const PREDICAMENTS: [&str; 24] = [
    "inherits a house that is not on any map",
    "receives letters from a sister nobody else remembers",
    "has one night to clear a brother's name", "must cross a frozen country on foot",
    "falls in love with a rival", "takes a job that nobody has kept for longer than a week",
    "finds out that the town has been lying", "tries to win back a stolen fortune",
    "wakes up in another person's life", "agrees to one last journey",
    "is hunted by a former friend", "starts a band with complete strangers",
    "discovers a door behind the cellar wall", "must choose between duty and family",
    "loses everything in a single afternoon", "builds a machine that hears the past",
    "is the only witness to a crime", "returns home after twenty years at sea",
    "has to teach a class of troublemakers", "joins an expedition that is doomed from the start",
    "makes a bargain with something in the woods", "pretends to be royalty for a summer",
    "is sent to end a war by talking", "raises a child found on a train",
];

pub(super) const TURNS: [&str; 16] = [
    "Nothing will ever be the same.", "But the past has other plans.",
    "Soon the whole valley is watching.", "What begins as a favour becomes an obsession.",
    "The closer the truth, the higher the price.",
    "Over one long winter, old loyalties are tested.", "Told in three chapters and one dance.",
    "An unlikely friendship is the only way out.", "Then the storm comes.",
    "Somebody has been there before.", "The answer lies at the bottom of the lake.",
    "Everyone in town has a reason to keep silent.", "A comedy of bad timing and good intentions.",
    "With every mile the lie grows larger.", "And the clock is running backwards.",
    "It may already be too late.",
];

pub(super) const KEYWORDS: [&str; 64] = [
    "amnesia", "archaeology", "arranged marriage", "artificial intelligence", "bank heist",
    "beekeeping", "border crossing", "boxing", "brother sister relationship", "chess", "circus",
    "climate change", "coming of age", "con artist", "conspiracy", "courtroom", "cult", "dance",
    "deep sea", "desert", "dystopia", "espionage", "exile", "family secret", "farm", "first love",
    "forgery", "friendship", "ghost", "grief", "gold rush", "haunted house", "heist gone wrong",
    "immigrant", "island", "jazz club", "kidnapping", "lighthouse", "loneliness", "missing person",
    "motorcycle", "mountain", "murder investigation", "night train", "orphan", "parallel world",
    "pirate", "prison escape", "redemption", "revenge", "road trip", "robot", "school",
    "sea voyage", "small town", "snowstorm", "space station", "spy ring", "submarine", "survival",
    "time loop", "treasure hunt", "war veteran", "widow",
];

pub(super) const COMPANY_ENDS: [&str; 14] = [
    "Pictures", "Films", "Productions", "Entertainment", "Studios", "Media", "Film Company",
    "Cinema", "Filmworks", "Motion Pictures", "Features", "Film Group", "Television", "Kinema",
];

pub(super) const CITIES: [&str; 40] = [
    "Perth, Australia", "Bristol, England, UK", "Leeds, England, UK", "Cork, Ireland",
    "Toronto, Ontario, Canada", "Chicago, Illinois, USA", "Tulsa, Oklahoma, USA",
    "Savannah, Georgia, USA", "Lyon, France", "Nantes, France", "Turin, Italy", "Bari, Italy",
    "Valencia, Spain", "Rosario, Argentina", "Porto, Portugal", "Recife, Brazil",
    "Hamburg, Germany", "Graz, Austria", "Malmö, Sweden", "Aarhus, Denmark",
    "Utrecht, Netherlands", "Gdańsk, Poland", "Brno, Czechoslovakia [now Czech Republic]",
    "Leningrad, USSR [now Saint Petersburg, Russia]", "Osaka, Japan", "Kobe, Japan",
    "Busan, South Korea", "Daegu, South Korea", "Chengdu, China", "Tainan, Taiwan",
    "Kowloon, Hong Kong", "Chiang Mai, Thailand", "Pune, India", "Madurai, India",
    "Kolkata, India", "Izmir, Turkey", "Isfahan, Iran", "Alexandria, Egypt", "Beirut, Lebanon",
    "Lahore, Pakistan",
];

const FRENCH: Phrases = Phrases {
    heads: &[
        "Le Jardin", "La Maison", "Les Voyageurs", "Le Dernier Tango", "L'Horloger",
        "La Passerelle", "Les Enfants", "Le Facteur", "La Saison", "Un Dimanche", "Le Silence",
        "Les Amants", "La Gare", "Le Cartographe",
    ],
    joint: " ",
    tails: &[
        "d'hiver", "sans retour", "de verre", "du canal", "sous la pluie", "de la rue Morel",
        "au bord du lac", "en septembre", "qui s'éteint", "de papier", "des Ardennes", "à minuit",
    ],
};
const SPANISH: Phrases = Phrases {
    heads: &[
        "La casa", "El relojero", "Las cartas", "Los hijos", "El puerto", "La noche", "El verano",
        "Un tren", "La orilla", "El último baile", "Las sombras", "El huerto",
    ],
    joint: " ",
    tails: &[
        "de sal", "sin nombre", "del norte", "de invierno", "que nadie quiso", "bajo la lluvia",
        "de papel", "en llamas", "de la frontera", "y el mar", "de cristal", "del señor Olmo",
    ],
};
const ITALIAN: Phrases = Phrases {
    heads: &[
        "La stazione", "Il cartografo", "Le stagioni", "Un ballo", "La torre", "Il silenzio",
        "I figli", "La finestra", "Il mercante", "L'isola",
    ],
    joint: " ",
    tails: &[
        "di vetro", "senza nome", "del nord", "in settembre", "di sale", "sotto la pioggia",
        "di carta", "a mezzanotte", "del signor Brandi", "e il mare",
    ],
};
const PORTUGUESE: Phrases = Phrases {
    heads: &[
        "A casa", "O relojoeiro", "As cartas", "O porto", "A noite", "O verão", "Um trem",
        "A margem", "O último baile", "Os filhos",
    ],
    joint: " ",
    tails: &[
        "de sal", "sem nome", "do norte", "de inverno", "que ninguém quis", "na chuva", "de papel",
        "em chamas", "da fronteira", "e o mar",
    ],
};
const GERMAN: Phrases = Phrases {
    heads: &[
        "Der Garten", "Die Uhrmacherin", "Das Haus", "Die Brücke", "Der letzte Walzer",
        "Die Kinder", "Das Schweigen", "Der Kartograf", "Die Nacht", "Ein Sommer", "Das Telegramm",
    ],
    joint: " ",
    tails: &[
        "im Nebel", "am Kanal", "aus Glas", "ohne Namen", "hinter dem Deich", "im September",
        "aus Papier", "von Altenrode", "um Mitternacht", "unter dem Eis", "der Frau Lindner",
    ],
};
const RUSSIAN: Phrases = Phrases {
    heads: &[
        "Дом", "Последний вальс", "Часовщик", "Письма", "Мост", "Зима", "Сад", "Тишина", "Маяк",
        "Дорога",
    ],
    joint: " ",
    tails: &[
        "у канала", "без имени", "из стекла", "под дождём", "в сентябре", "на севере", "за рекой",
        "в полночь", "и море", "из бумаги",
    ],
};
const JAPANESE: Phrases = Phrases {
    heads: &[
        "硝子", "冬", "真夜中", "雨", "名もなき者", "北", "紙", "九月", "最後", "忘れられた夏", "灯台", "銀色",
    ],
    joint: "の",
    tails: &[
        "庭", "手紙", "橋", "時計職人", "約束", "海", "駅", "沈黙", "家族", "円舞曲", "道", "港",
    ],
};
const CHINESE: Phrases = Phrases {
    heads: &[
        "玻璃", "冬日", "午夜", "雨中", "无名", "北方", "纸上", "九月", "最后", "遗忘", "银色", "远方",
    ],
    joint: "的",
    tails: &[
        "花园", "来信", "桥", "钟表匠", "约定", "海", "车站", "沉默", "家", "灯塔", "港口", "归途",
    ],
};
const KOREAN: Phrases = Phrases {
    heads: &[
        "유리", "겨울", "한밤", "빗속", "이름 없는", "북쪽", "종이", "구월", "마지막", "잊혀진", "은빛",
    ],
    joint: " ",
    tails: &[
        "정원", "편지", "다리", "시계공", "약속", "바다", "역", "침묵", "가족", "등대", "항구",
    ],
};
const HINDI: Phrases = Phrases {
    heads: &[
        "काँच", "सर्दी", "आधी रात", "बारिश", "उत्तर", "काग़ज़", "सितंबर", "चाँदी", "दूर देश",
    ],
    joint: " का ",
    tails: &[
        "बाग़", "ख़त", "पुल", "घड़ीसाज़", "वादा", "सागर", "घर", "सफ़र", "शहर",
    ],
};
const SWEDISH: Phrases = Phrases {
    heads: &[
        "Huset", "Urmakaren", "Breven", "Bron", "Vintern", "Trädgården", "Tystnaden", "Fyren",
    ],
    joint: " ",
    tails: &[
        "vid kanalen", "utan namn", "av glas", "i regnet", "i september", "i norr", "vid midnatt",
    ],
};
const POLISH: Phrases = Phrases {
    heads: &[
        "Dom", "Zegarmistrz", "Listy", "Most", "Zima", "Ogród", "Milczenie", "Latarnia",
    ],
    joint: " ",
    tails: &[
        "nad kanałem", "bez imienia", "ze szkła", "w deszczu", "we wrześniu", "na północy",
        "o północy",
    ],
};
