use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value as Json, json};

use crate::{
    Options, Project, ProjectFiles, Selection, Target,
    run::Command,
    select::{Expression, criterion::Criterion, selectors},
};

/// What comes before or after a name: the whole side, or some steps of it.
fn side() -> impl Strategy<Value = Option<Option<usize>>> {
    option::of(option::of(0_usize..20))
}

fn criterion() -> impl Strategy<Value = Criterion> {
    let named = prop_oneof![
        ("fqn", "[a-z][a-z0-9_*.]{0,8}"),
        (
            "(tag|source|package|resource_type|config\\.meta\\.[a-z]{1,5})",
            "[a-zA-Z0-9_*?.:-]{1,8}"
        ),
        ("path", "[a-z]{1,4}/[a-z*]{1,4}"),
        ("file", "[a-z]{1,4}\\.(sql|csv)"),
    ];
    let sides = prop_oneof![
        (Just(true), side(), Just(None)),
        (Just(false), side(), side()),
    ];
    (named, sides).prop_map(
        |((method, value), (childrens_parents, parents, children))| Criterion {
            method,
            value,
            childrens_parents,
            parents,
            children,
        },
    )
}

/// As a command line has it.
fn printed(criterion: &Criterion) -> String {
    let steps = |side: Option<usize>| side.map_or_else(String::new, |steps| steps.to_string());
    let at = if criterion.childrens_parents { "@" } else { "" };
    let before = criterion.parents.map(|side| format!("{}+", steps(side)));
    let after = criterion.children.map(|side| format!("+{}", steps(side)));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    format!(
        "{at}{before}{}:{}{after}",
        criterion.method, criterion.value
    )
}

/// Trees as `selectors.yml` can say them.
fn tree() -> impl Strategy<Value = Expression> {
    let leaf = criterion().prop_map(Expression::Criterion);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let parts = vec(inner.clone(), 1..4);
        let whole = prop_oneof![
            parts.clone().prop_map(Expression::Union),
            parts.clone().prop_map(Expression::Intersection),
            criterion().prop_map(Expression::Criterion),
        ];
        (whole, option::of(parts)).prop_map(|(whole, excluded)| match excluded {
            Some(excluded) => {
                Expression::Difference(Box::new(whole), Box::new(Expression::Union(excluded)))
            }
            None => whole,
        })
    })
}

fn definition(expression: &Expression) -> Json {
    let all = |parts: &[Expression]| parts.iter().map(definition).collect::<Vec<Json>>();
    match expression {
        Expression::Criterion(criterion) => {
            let mut entry = json!({
                "method": criterion.method,
                "value": criterion.value,
                "childrens_parents": criterion.childrens_parents,
                "parents": criterion.parents.is_some(),
                "children": criterion.children.is_some(),
            });
            for (key, side) in [
                ("parents_depth", criterion.parents),
                ("children_depth", criterion.children),
            ] {
                if let Some(Some(steps)) = side {
                    entry[key] = json!(steps);
                }
            }
            entry
        }
        Expression::Union(parts) => json!({"union": all(parts)}),
        Expression::Intersection(parts) => json!({"intersection": all(parts)}),
        Expression::Difference(whole, excluded) => {
            let mut whole = definition(whole);
            let Expression::Union(excluded) = &**excluded else {
                unreachable!("the trees above exclude unions");
            };
            let exclude = Json::from(all(excluded));
            for key in ["union", "intersection"] {
                if let Some(parts) = whole.get_mut(key).and_then(Json::as_array_mut) {
                    parts.push(json!({"exclude": exclude}));
                    return whole;
                }
            }
            whole["exclude"] = exclude;
            whole
        }
    }
}

fn files(files: impl IntoIterator<Item = (String, String)>) -> ProjectFiles {
    ProjectFiles {
        files: files.into_iter().collect(),
        ..ProjectFiles::default()
    }
}

/// Which models read which: each only earlier ones.
#[derive(Debug, Clone)]
struct Lineage {
    /// By model: what it reads, and whether it has the tag.
    models: Vec<(BTreeSet<usize>, bool)>,
}

const N_MODELS: usize = 9;

fn lineage() -> impl Strategy<Value = Lineage> {
    let model = (vec(0..N_MODELS, 0..3), any::<bool>());
    vec(model, N_MODELS).prop_map(|models| Lineage {
        models: models
            .into_iter()
            .enumerate()
            .map(|(index, (reads, is_tagged))| {
                let reads = reads.into_iter().filter(|read| *read < index);
                (reads.collect(), is_tagged)
            })
            .collect(),
    })
}

impl Lineage {
    fn project(&self) -> Project {
        let model = |(index, (reads, is_tagged)): (usize, &(BTreeSet<usize>, bool))| {
            let tag = if *is_tagged {
                "{{ config(tags='t') }}"
            } else {
                ""
            };
            let reads = reads
                .iter()
                .map(|read| format!("{{{{ ref('m{read}') }}}} "));
            let text = format!("{tag}select 1 -- {}", reads.collect::<String>());
            (format!("models/m{index}.sql"), text)
        };
        let models = self.models.iter().enumerate().map(model);
        let settings = ("dbt_project.yml".to_owned(), "name: shop".to_owned());
        let target = Target::duckdb("shop", "case", "main", 1);
        let options = Options::new(target, "run", chrono::DateTime::UNIX_EPOCH);
        Project::parse(files(models.chain([settings])), options).unwrap()
    }

    fn reads(&self, reader: usize, read: usize) -> bool {
        self.models[reader].0.contains(&read)
    }

    /// Everything within so many steps of the starts, them too.
    fn within(&self, starts: &BTreeSet<usize>, side: Option<usize>, up: bool) -> BTreeSet<usize> {
        let mut reached = starts.clone();
        for _ in 0..side.unwrap_or(N_MODELS).min(N_MODELS) {
            let one_on: Vec<usize> = (0..N_MODELS)
                .filter(|model| {
                    reached.iter().any(|from| match up {
                        true => self.reads(*from, *model),
                        false => self.reads(*model, *from),
                    })
                })
                .collect();
            reached.extend(one_on);
        }
        reached
    }

    fn picked(&self, pick: &Pick) -> BTreeSet<usize> {
        let direct: BTreeSet<usize> = match pick.model {
            Some(model) => [model].into(),
            None => (0..N_MODELS)
                .filter(|model| self.models[*model].1)
                .collect(),
        };
        let mut picked = direct.clone();
        if pick.childrens_parents {
            let below = self.within(&direct, None, false);
            picked.extend(self.within(&below, None, true));
        }
        if let Some(side) = pick.parents {
            picked.extend(self.within(&direct, side, true));
        }
        if let Some(side) = pick.children {
            picked.extend(self.within(&direct, side, false));
        }
        picked
    }

    /// A command line's words: each an intersection, all of them a union.
    fn all_picked(&self, words: &[Vec<Pick>]) -> BTreeSet<usize> {
        let word = |picks: &Vec<Pick>| {
            let sets = picks.iter().map(|pick| self.picked(pick));
            sets.reduce(|a, b| a.intersection(&b).copied().collect())
        };
        words.iter().filter_map(word).flatten().collect()
    }
}

/// A criterion about one model, or about those with the tag.
#[derive(Debug, Clone)]
struct Pick {
    model: Option<usize>,
    childrens_parents: bool,
    parents: Option<Option<usize>>,
    children: Option<Option<usize>>,
}

impl Pick {
    fn text(&self) -> String {
        let (method, value) = match self.model {
            Some(model) => ("fqn", format!("m{model}")),
            None => ("tag", "t".to_owned()),
        };
        printed(&Criterion {
            method: method.to_owned(),
            value,
            childrens_parents: self.childrens_parents,
            parents: self.parents,
            children: self.children,
        })
    }
}

fn words(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Pick>>> {
    let side = || option::of(option::of(0_usize..4));
    let sides = prop_oneof![
        1 => (Just(true), side(), Just(None)),
        3 => (Just(false), side(), side()),
    ];
    let pick = (option::weighted(0.8, 0..N_MODELS), sides).prop_map(
        |(model, (childrens_parents, parents, children))| Pick {
            model,
            childrens_parents,
            parents,
            children,
        },
    );
    vec(vec(pick, 1..3), n)
}

fn texts(words: &[Vec<Pick>]) -> Vec<String> {
    let word = |picks: &Vec<Pick>| picks.iter().map(Pick::text).collect::<Vec<_>>().join(",");
    words.iter().map(word).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_printed_criterion_is_read_as_it_was(criterion in criterion()) {
        prop_assert_eq!(Criterion::parse(&printed(&criterion)).unwrap(), criterion);
    }

    #[test]
    fn a_printed_word_is_read_as_it_was(criteria in vec(criterion(), 1..5)) {
        let text = criteria.iter().map(printed).collect::<Vec<_>>().join(",");
        let parts = criteria.into_iter().map(Expression::Criterion).collect();
        prop_assert_eq!(Expression::parse(&text).unwrap(), Expression::Intersection(parts));
    }

    #[test]
    fn a_printed_selector_is_read_as_it_was(tree in tree()) {
        let text = json!({"selectors": [{"name": "it", "definition": definition(&tree)}]});
        let read = selectors::read(&files([("selectors.yml".to_owned(), text.to_string())]));
        prop_assert_eq!(read.unwrap().pop().unwrap().expression, tree);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn selections_are_those_of_a_walk_through_the_models(
        lineage in lineage(),
        commands in vec((words(1..4), words(0..3)), 20),
    ) {
        let project = lineage.project();
        for (select, exclude) in &commands {
            let selection = Selection {
                select: texts(select),
                exclude: texts(exclude),
                ..Selection::default()
            };
            let excluded = lineage.all_picked(exclude);
            let mut expected = lineage.all_picked(select);
            expected.retain(|model| !excluded.contains(model));
            let ids = project.select(&selection, Command::Run).unwrap();
            let places: BTreeMap<usize, usize> = ids
                .iter()
                .enumerate()
                .map(|(place, id)| (id.strip_prefix("model.shop.m").unwrap().parse().unwrap(), place))
                .collect();
            prop_assert_eq!(&places.keys().copied().collect::<BTreeSet<_>>(), &expected, "{:?}", selection);
            for (reader, place) in &places {
                let reads = &lineage.models[*reader].0;
                prop_assert!(reads.iter().all(|read| places.get(read).is_none_or(|other| other < place)));
            }
        }
    }
}
