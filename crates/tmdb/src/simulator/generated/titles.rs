use super::draw::{Draw, Purpose};
use super::film::Film;
use super::words::names::names;
use super::words::{ADJECTIVES, NOUNS, OCCUPATIONS, PLACES, SUBTITLES, phrases};

/// A film's English title and the one it came out under.
pub(super) fn titles(seed: u64, film: &Film) -> (String, String) {
    let mut draw = Draw::new(seed, Purpose::Titles, u64::from(film.position));
    // The films of a series share their stem.
    let mut stem_draw = match film.franchise {
        Some(series) => Draw::new(seed, Purpose::Titles, u64::from(!series.column)),
        None => draw.clone(),
    };
    let stem = english(&mut stem_draw, film);
    let original = phrases(film.tongue.code)
        .filter(|_| stem_draw.chance(0.9))
        .map(|phrases| {
            let (head, tail) = (stem_draw.pick(phrases.heads), stem_draw.pick(phrases.tails));
            format!("{head}{}{tail}", phrases.joint)
        });
    draw.bits();
    let instalment = film.franchise.map_or(1, |series| series.instalment);
    let has_subtitle = draw.chance(0.4);
    let title = match instalment {
        1 => stem,
        _ if has_subtitle => format!("{stem}: {}", draw.pick(&SUBTITLES)),
        number => format!("{stem} {number}"),
    };
    let original = match original {
        None => title.clone(),
        Some(original) if instalment == 1 => original,
        Some(original) => format!("{original} {instalment}"),
    };
    (title, original)
}

/// The name of the collection that a series is.
pub(super) fn collection(seed: u64, film: &Film, column: u32) -> String {
    let mut draw = Draw::new(seed, Purpose::Titles, u64::from(!column));
    format!("{} Collection", english(&mut draw, film))
}

/// Two or more words that are not known to be a title of anything.
fn english(draw: &mut Draw, film: &Film) -> String {
    let (adjective, noun) = (draw.pick(&ADJECTIVES), draw.pick(&NOUNS));
    let (other, place) = (draw.pick(&NOUNS), draw.pick(&PLACES));
    let people = names(film.tongue.region);
    let first = if draw.chance(0.5) {
        draw.pick(people.women)
    } else {
        draw.pick(people.men)
    };
    let family = draw.pick(people.families);
    match draw.below(12) {
        0 | 1 => format!("The {adjective} {noun}"),
        2 | 3 => format!("{adjective} {noun}"),
        4 | 5 => format!("The {family} {noun}"),
        6 => format!("{first} {family}"),
        7 => format!("The {}'s {noun}", capitalized(draw.word(&OCCUPATIONS))),
        8 => format!("{first} and the {adjective} {noun}"),
        9 => format!("Last {noun} in {place}"),
        10 => format!("{} {noun} for {first}", article(noun)),
        _ => format!("The {noun} and the {other}"),
    }
}

pub(super) fn article(word: &str) -> &'static str {
    match word.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']) {
        true => "An",
        false => "A",
    }
}

/// Every word with a capital, the parts of a joined one too.
fn capitalized(words: &str) -> String {
    let mut is_first = true;
    let letters = words.chars().map(|letter| {
        let begins = is_first;
        is_first = !letter.is_alphabetic();
        if begins {
            letter.to_ascii_uppercase()
        } else {
            letter
        }
    });
    letters.collect()
}
