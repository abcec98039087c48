use super::Random;

/// What templates, YAML and CSV have trouble with.
const PIECES: [&str; 40] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{%- raw -%}",
    "{% endraw %}",
    "-%}",
    "{{ this }}",
    "{% for i in range(3) %}",
    "{% endfor %}",
    "{% macro ref(x) %}",
    "{% endmacro %}",
    "{% do",
    "{% set x = [x] %}",
    "{{ ref('",
    "{{ source(",
    "{{ var('x', ",
    "{{ config(",
    ")",
    "(",
    "[",
    "{",
    "'",
    "\"",
    "\\",
    "\u{feff}",
    "\u{0}",
    "\u{1f3ac}é",
    "&a ",
    "*a",
    "<<: *a",
    "? ",
    "- ",
    ": ",
    "!!binary ",
    "|2-\n",
    "\t",
    "99999999999999999999",
];

/// A text as a slip, a bad merge or a broken disk would leave it; `other` gives pieces of its own.
pub(super) fn damaged(text: &str, other: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        let end = (place + 1 + random.below(60)).min(bytes.len());
        match random.below(10) {
            0 => bytes.truncate(place),
            1 => drop(bytes.drain(place..end)),
            2 => {
                let piece = bytes[place..end].to_vec();
                bytes.splice(place..place, piece);
            }
            3 => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << random.below(8);
                }
            }
            4 | 5 => {
                let start = random.below(other.len());
                let piece = &other.as_bytes()[start..(start + random.below(200)).min(other.len())];
                bytes.splice(place..end, piece.iter().copied());
            }
            6 => change_lines(&mut bytes, random),
            7 => {
                let deep = random.one_of(&PIECES).repeat(1 + random.below(300));
                bytes.splice(place..place, deep.bytes());
            }
            _ => {
                let piece = random.one_of(&PIECES);
                bytes.splice(place..place, piece.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Doubles, drops, moves or indents a line.
fn change_lines(bytes: &mut Vec<u8>, random: &mut Random) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    if lines.is_empty() {
        return;
    }
    let line = random.below(lines.len());
    match random.below(4) {
        0 => lines.insert(line, lines[line].clone()),
        1 => drop(lines.remove(line)),
        2 => {
            let other = random.below(lines.len());
            lines.swap(line, other);
        }
        _ => lines[line].insert_str(0, "  "),
    }
    *bytes = lines.join("\n").into_bytes();
}
