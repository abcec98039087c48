use super::draw::{Draw, Purpose};
use super::film::Film;
use super::words::names::names;
use super::words::{ADJECTIVES, NOUNS, PLACES, SUBTITLES, phrases};

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
    match draw.below(11) {
        0 | 1 => format!("The {adjective} {noun}"),
        2 | 3 => format!("{adjective} {noun}"),
        4 => format!("{noun} of {place}"),
        5 => format!("{noun} & {other}"),
        6 => format!("The {noun}'s {other}"),
        7 => format!("{first} and the {adjective} {noun}"),
        8 => format!("Last {noun} to {place}"),
        9 => format!("A {noun} for {first}"),
        _ => format!("Return to {place}"),
    }
}
