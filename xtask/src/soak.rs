//! `soak [films]`: the test of kills and faults at full length, with the optimized program.

use anyhow::{Context as _, Result, bail};

use crate::{
    bench,
    process::{self, cargo},
    setup,
};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let films: u32 = match arguments {
        [] => 200_000,
        [films] => films.parse().context("the argument is a number of films")?,
        _ => bail!("`cargo xtask soak [films]`"),
    };
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    let test = ["test", "--package", "filmstar", "--test", "it"];
    let name = [
        "--",
        "--exact",
        "--nocapture",
        "soak::kills_and_faults_lose_nothing",
    ];
    process::run(
        cargo()
            .args(test)
            .args(name)
            .env("FILMSTAR_TEST_PROGRAM", bench::programs().join("filmstar"))
            .env("FILMSTAR_SOAK_FILMS", films.to_string()),
    )
}
