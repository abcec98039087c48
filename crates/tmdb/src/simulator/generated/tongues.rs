/// Where people and companies come from; films mostly draw on their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Region {
    Anglo,
    Romance,
    North,
    EastAsia,
    SouthAsia,
}

impl Region {
    pub(super) const ALL: [Self; 5] = [
        Self::Anglo,
        Self::Romance,
        Self::North,
        Self::EastAsia,
        Self::SouthAsia,
    ];

    /// The part of all films, in percent.
    pub(super) fn share(self) -> f64 {
        [0.46, 0.21, 0.13, 0.13, 0.07][self as usize]
    }
}

/// A language films are made in.
pub(super) struct Tongue {
    pub(super) code: &'static str,
    pub(super) english_name: &'static str,
    pub(super) name: &'static str,
    pub(super) region: Region,
    /// Films in a thousand.
    pub(super) weight: u32,
    /// The main country first.
    pub(super) countries: &'static [&'static str],
    /// Budgets compared with English ones.
    pub(super) budget_factor: f64,
}

const fn tongue(
    names: (&'static str, &'static str, &'static str),
    region: Region,
    weight: u32,
    countries: &'static [&'static str],
    budget_factor: f64,
) -> Tongue {
    Tongue {
        code: names.0,
        english_name: names.1,
        name: names.2,
        region,
        weight,
        countries,
        budget_factor,
    }
}

/// English first: the more a film is seen, the likelier it is in English.
pub(super) const TONGUES: [Tongue; 30] = [
    tongue(
        ("en", "English", "English"),
        Region::Anglo,
        430,
        &["US", "US", "US", "US", "GB", "GB", "CA", "AU", "IE", "NZ"],
        1.0,
    ),
    tongue(
        ("fr", "French", "Français"),
        Region::Romance,
        75,
        &["FR", "FR", "FR", "BE", "CA", "CH"],
        0.4,
    ),
    tongue(
        ("es", "Spanish", "Español"),
        Region::Romance,
        75,
        &["ES", "ES", "MX", "AR", "CL", "CO"],
        0.25,
    ),
    tongue(
        ("ja", "Japanese", "日本語"),
        Region::EastAsia,
        60,
        &["JP"],
        0.3,
    ),
    tongue(
        ("de", "German", "Deutsch"),
        Region::North,
        50,
        &["DE", "DE", "DE", "AT", "CH"],
        0.35,
    ),
    tongue(
        ("zh", "Mandarin", "普通话"),
        Region::EastAsia,
        38,
        &["CN", "CN", "TW"],
        0.5,
    ),
    tongue(
        ("pt", "Portuguese", "Português"),
        Region::Romance,
        38,
        &["BR", "BR", "PT"],
        0.15,
    ),
    tongue(
        ("it", "Italian", "Italiano"),
        Region::Romance,
        36,
        &["IT"],
        0.3,
    ),
    tongue(
        ("ru", "Russian", "Pусский"),
        Region::North,
        28,
        &["RU"],
        0.2,
    ),
    tongue(
        ("hi", "Hindi", "हिन्दी"),
        Region::SouthAsia,
        26,
        &["IN"],
        0.25,
    ),
    tongue(
        ("ko", "Korean", "한국어/조선말"),
        Region::EastAsia,
        25,
        &["KR"],
        0.35,
    ),
    tongue(
        ("cn", "Cantonese", "广州话 / 廣州話"),
        Region::EastAsia,
        9,
        &["HK"],
        0.35,
    ),
    tongue(
        ("sv", "Swedish", "svenska"),
        Region::North,
        12,
        &["SE"],
        0.25,
    ),
    tongue(("da", "Danish", "Dansk"), Region::North, 9, &["DK"], 0.3),
    tongue(
        ("nl", "Dutch", "Nederlands"),
        Region::North,
        11,
        &["NL", "NL", "BE"],
        0.2,
    ),
    tongue(("pl", "Polish", "Polski"), Region::North, 11, &["PL"], 0.15),
    tongue(("cs", "Czech", "Český"), Region::North, 11, &["CZ"], 0.12),
    tongue(
        ("tr", "Turkish", "Türkçe"),
        Region::SouthAsia,
        10,
        &["TR"],
        0.12,
    ),
    tongue(
        ("ar", "Arabic", "العربية"),
        Region::SouthAsia,
        9,
        &["EG", "LB", "MA"],
        0.1,
    ),
    tongue(
        ("fa", "Persian", "فارسی"),
        Region::SouthAsia,
        8,
        &["IR"],
        0.08,
    ),
    tongue(("ta", "Tamil", "தமிழ்"), Region::SouthAsia, 7, &["IN"], 0.15),
    tongue(
        ("te", "Telugu", "తెలుగు"),
        Region::SouthAsia,
        6,
        &["IN"],
        0.18,
    ),
    tongue(("el", "Greek", "ελληνικά"), Region::North, 6, &["GR"], 0.08),
    tongue(("fi", "Finnish", "suomi"), Region::North, 6, &["FI"], 0.12),
    tongue(
        ("no", "Norwegian", "Norsk"),
        Region::North,
        6,
        &["NO"],
        0.25,
    ),
    tongue(
        ("hu", "Hungarian", "Magyar"),
        Region::North,
        6,
        &["HU"],
        0.1,
    ),
    tongue(("th", "Thai", "ภาษาไทย"), Region::EastAsia, 5, &["TH"], 0.1),
    tongue(
        ("id", "Indonesian", "Bahasa indonesia"),
        Region::EastAsia,
        5,
        &["ID"],
        0.06,
    ),
    tongue(("ml", "Malayalam", ""), Region::SouthAsia, 5, &["IN"], 0.08),
    tongue(
        ("xx", "No Language", "No Language"),
        Region::Anglo,
        6,
        &["US", "FR", "DE"],
        0.05,
    ),
];
