//! Names and questions as a search compares them; the same steps as `dbt/macros/search.sql` takes.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Spaces, punctuation and symbols.
const BETWEEN_WORDS: &[(char, char)] = &[
    ('\u{0001}', '\u{002f}'),
    ('\u{003a}', '\u{0040}'),
    ('\u{005b}', '\u{0060}'),
    ('\u{007b}', '\u{00a9}'),
    ('\u{00ab}', '\u{00b1}'),
    ('\u{00b4}', '\u{00b4}'),
    ('\u{00b6}', '\u{00b8}'),
    ('\u{00bb}', '\u{00bb}'),
    ('\u{00bf}', '\u{00bf}'),
    ('\u{00d7}', '\u{00d7}'),
    ('\u{00f7}', '\u{00f7}'),
    ('\u{02b0}', '\u{02ff}'),
    ('\u{055a}', '\u{055f}'),
    ('\u{0589}', '\u{058a}'),
    ('\u{05be}', '\u{05be}'),
    ('\u{05c0}', '\u{05c0}'),
    ('\u{05c3}', '\u{05c3}'),
    ('\u{05f3}', '\u{05f4}'),
    ('\u{060c}', '\u{060d}'),
    ('\u{061b}', '\u{061f}'),
    ('\u{066a}', '\u{066d}'),
    ('\u{06d4}', '\u{06d4}'),
    ('\u{0964}', '\u{0965}'),
    ('\u{2000}', '\u{206f}'),
    ('\u{20a0}', '\u{20cf}'),
    ('\u{2190}', '\u{245f}'),
    ('\u{2500}', '\u{2bff}'),
    ('\u{2e00}', '\u{2e7f}'),
    ('\u{3000}', '\u{3004}'),
    ('\u{3008}', '\u{3020}'),
    ('\u{3030}', '\u{3030}'),
    ('\u{303d}', '\u{303f}'),
    ('\u{30a0}', '\u{30a0}'),
    ('\u{30fb}', '\u{30fb}'),
    ('\u{fd3e}', '\u{fd3f}'),
    ('\u{fe10}', '\u{fe1f}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ff01}', '\u{ff0f}'),
    ('\u{ff1a}', '\u{ff20}'),
    ('\u{ff3b}', '\u{ff40}'),
    ('\u{ff5b}', '\u{ff65}'),
    ('\u{fff0}', '\u{ffff}'),
];

/// Words in small letters without accents.
pub(crate) fn words(text: &str) -> Vec<String> {
    let joined = text
        .replace('&', " and ")
        .replace(['\'', '‘', '’', '`', '´', '.'], "");
    let plain: String = joined
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .nfc()
        // One by one: a word's last sigma is like any other.
        .flat_map(char::to_lowercase)
        .collect();
    let mut folded = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded
        .split(is_between_words)
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

fn is_between_words(letter: char) -> bool {
    // No text of a database has it.
    letter == '\0'
        || BETWEEN_WORDS
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&letter))
}

#[cfg(test)]
mod tests {
    use warehouse::{DuckDb, Settings, Value, Warehouse as _};

    use super::words;

    const MACROS: &str = include_str!("../../../../dbt/macros/search.sql");

    /// A macro's text with its argument in place.
    fn body(name: &str, argument: &str) -> String {
        let start = MACROS.find(&format!("macro {name}(")).unwrap();
        let rest = &MACROS[start..];
        let rest = &rest[rest.find("-%}").unwrap() + 3..];
        rest[..rest.find("{%- endmacro").unwrap()].replace("{{ name }}", argument)
    }

    /// What the macro `search_words` makes of `name` on DuckDB.
    fn sql() -> String {
        let ranges: String = body("between_words", "")
            .split_whitespace()
            .map(|range| format!("\\x{{{}}}", range.replace('-', "}-\\x{")))
            .collect();
        let joined = body("drop_inner_marks", "name");
        let folded = body("fold_letters", &body("default__without_accents", &joined));
        format!("trim(regexp_replace({folded}, '[{ranges}]+', ' ', 'g'))")
    }

    #[test]
    fn the_models_take_the_same_steps() {
        let awkward = [
            "Amélie",
            "  E.T. & the   Extra-Terrestrial ",
            "Schindler's List",
            "L’Avventura",
            "Ærøskøbing",
            "ŁÓDŹ",
            "Große Freiheit",
            "Đorđe Þór",
            "Ёлки, Сталкер",
            "Ο ΜΕΓΑΛΟΣ ΣΊΣΥΦΟΣ",
            "İstanbul ve ışık",
            "千と千尋の神隠し",
            "パプリカ・がん",
            "기생충",
            "हिन्दी",
            "Ａｂｃ１",
            "100% Wolf_\\",
            "",
            "?!",
            "½ × ÷ ªº",
            "ﬁ Ǆ",
            "\u{feff}a\u{200b}b",
            "e\u{301}\u{323}",
        ];
        // Marks outside of the basic plane are of scripts that no film is written in, and these are younger than
        // the Unicode that the database knows.
        let young = [
            0x5c8..=0x5c9,
            0x897..=0x897,
            0xb53..=0xb54,
            0x1acf..=0x1af0,
            0x1c89..=0x1c89,
            0xa7cb..=0xa7dc,
        ];
        let each = (1..=0xffff)
            .filter(|code| !young.iter().any(|range| range.contains(code)))
            .filter_map(char::from_u32)
            .filter(|letter| !('\u{e000}'..='\u{f8ff}').contains(letter))
            .map(|letter| format!("a{letter}b"));
        let names: Vec<String> = awkward
            .iter()
            .map(ToString::to_string)
            .chain(each)
            .collect();
        let warehouse = DuckDb::in_memory(&Settings::default()).unwrap();
        let mut connection = warehouse.connect().unwrap();
        let list = serde_json::to_string(&names).unwrap();
        let query = format!(
            "select name, {} from (select unnest(from_json($1, '[\"varchar\"]')) as name)",
            sql()
        );
        let rows = connection.query(&query, &[Value::Text(list)]).unwrap();
        let differing: Vec<_> = rows
            .json_rows()
            .into_iter()
            .filter(|row| words(row[0].as_str().unwrap()).join(" ") != row[1].as_str().unwrap())
            .collect();
        assert_eq!(rows.n_rows(), names.len());
        assert!(differing.is_empty(), "{differing:?}");
    }

    #[test]
    fn people_type_names_in_many_ways() {
        for (typed, expected) in [
            ("SCHINDLERS list", "schindlers list"),
            ("Fast & Furious", "fast and furious"),
            ("amelie", "amelie"),
            ("Łódź", "lodz"),
            ("50%", "50"),
        ] {
            assert_eq!(words(typed).join(" "), expected);
        }
    }
}
