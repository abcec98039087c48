use super::draw::{Draw, Purpose};
use super::film::Film;
use super::genres;

/// What no budget comes near, in today's dollars.
const DEAREST: f64 = 8e8;

/// What no revenue comes near, in today's dollars: everybody has seen the film.
const LARGEST_AUDIENCE: f64 = 7e9;

/// A film's money in whole dollars of its year; 0 is unknown.
pub(super) struct Money {
    pub(super) budget: i64,
    pub(super) revenue: i64,
}

impl Money {
    pub(super) fn of(seed: u64, film: &Film) -> Self {
        let mut draw = Draw::new(seed, Purpose::Money, u64::from(film.position));
        let habits = genres::habits(film.genre);
        let prices = (-0.032 * f64::from((2026 - film.year).max(0))).exp();
        // Beyond prices, films have become dearer until about the turn of the century.
        let means = (0.012 * f64::from((film.year - 2000).min(0))).exp();
        let level = habits.budget_millions * 1e6 * film.tongue.budget_factor * prices * means;
        let budget = level * (0.65 * film.prominence + 0.7 * draw.normal()).exp();
        let budget = saturated(budget, DEAREST * prices);
        let series = if film.franchise.is_some() { 0.3 } else { 0.0 };
        let luck = 0.3 * (film.prominence - 0.5) + 0.3 * film.quality + fortune(&mut draw) + series;
        let revenue = budget * habits.multiple * luck.exp() * year_of_closed_houses(film.year);
        let revenue = saturated(revenue, LARGEST_AUDIENCE * prices);
        let [known, also_known, tiny, typo] = std::array::from_fn(|_| draw.unit());
        let is_budget_known = known < knowledge(film.votes);
        let is_in_cinemas = film.genre != genres::TV_MOVIE || also_known < 0.04;
        let is_revenue_known = film.is_released
            && is_in_cinemas
            && (is_budget_known && also_known < 0.92 || !is_budget_known && also_known < 0.12);
        let tidy = |money: f64| tidied(money, draw.clone().chance(0.8));
        Self {
            budget: match () {
                // Typed in millions, or in jest.
                () if tiny < 0.014 => (typo * 9.2).exp() as i64,
                () if is_budget_known => tidy(budget),
                () => 0,
            },
            revenue: match () {
                () if !is_revenue_known => 0,
                () if tiny > 0.996 => (typo * 8.0).exp() as i64,
                () => (revenue as i64).max(1_000),
            },
        }
    }
}

/// How likely the budget of a film with so many votes is known.
fn knowledge(votes: i64) -> f64 {
    let steepness = (((votes + 1) as f64).ln() - 4.2) / 0.5;
    0.24 + 0.72 / (1.0 + (-steepness).exp())
}

/// Luck in the logarithm: a flop falls further than a hit rises.
fn fortune(draw: &mut Draw) -> f64 {
    let luck = draw.normal();
    luck * if luck < 0.0 { 1.25 } else { 0.72 }
}

/// Small amounts as they are, large ones ever closer to `limit`.
fn saturated(money: f64, limit: f64) -> f64 {
    money / (1.0 + money / limit)
}

fn year_of_closed_houses(year: i32) -> f64 {
    match year {
        2020 => 0.35,
        2021 => 0.65,
        _ => 1.0,
    }
}

/// Budgets are mostly quoted in round numbers.
fn tidied(money: f64, is_round: bool) -> i64 {
    let digits = if is_round { 1.0 } else { 3.0 };
    let unit = 10_f64.powf((money.max(1_000.0).log10().floor() - digits).max(0.0));
    ((money / unit).round() * unit) as i64
}
