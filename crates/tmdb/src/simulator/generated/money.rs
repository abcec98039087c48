use super::draw::{Draw, Purpose};
use super::film::Film;
use super::genres;

/// A film's money in whole dollars of its year; 0 is unknown.
pub(super) struct Money {
    pub(super) budget: i64,
    pub(super) revenue: i64,
}

impl Money {
    pub(super) fn of(seed: u64, film: &Film) -> Self {
        let mut draw = Draw::new(seed, Purpose::Money, u64::from(film.position));
        let habits = genres::habits(film.genre);
        let deflator = (-0.032 * f64::from((2026 - film.year).max(0))).exp();
        let level = habits.budget_millions * 1e6 * film.tongue.budget_factor * deflator;
        let budget = level * (0.5 * film.prominence + 0.75 * draw.normal()).exp();
        let series = if film.franchise.is_some() { 0.25 } else { 0.0 };
        let luck = 0.4 * (film.prominence - 1.3) + 0.9 * draw.normal() + series;
        let revenue = budget * habits.multiple * luck.exp() * year_of_closed_houses(film.year);
        let [known, also_known, tiny, typo] = std::array::from_fn(|_| draw.unit());
        let is_budget_known = known < knowledge(film.votes);
        let is_revenue_known = film.is_released
            && (is_budget_known && also_known < 0.92 || !is_budget_known && also_known < 0.12);
        let tidy = |money: f64| tidied(money, draw.clone().chance(0.8));
        Self {
            budget: match () {
                // Typed in millions, or in jest.
                () if tiny < 0.014 => (typo * 9.2).exp() as i64,
                () if is_budget_known => tidy(budget.min(4.2e8)),
                () => 0,
            },
            revenue: match () {
                () if !is_revenue_known => 0,
                () if tiny > 0.996 => (typo * 8.0).exp() as i64,
                () => (revenue.min(2.9e9) as i64).max(1_000),
            },
        }
    }
}

/// How likely the budget of a film with so many votes is known.
fn knowledge(votes: i64) -> f64 {
    let steepness = (((votes + 1) as f64).ln() - 4.2) / 0.5;
    0.24 + 0.72 / (1.0 + (-steepness).exp())
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
