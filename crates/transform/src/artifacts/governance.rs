//! Groups, access, contracts and constraints in `manifest.json`.

use serde_json::{Map, Value as Json};

use crate::{Node, NodeKind, Project, project::Nodes};

/// `groups`: by their ids.
pub(super) fn groups(project: &Project) -> Json {
    let groups = project.nodes.groups.iter();
    let entries = groups.map(|group| (group.unique_id.clone(), group.json(project.name())));
    Json::Object(entries.collect())
}

/// `group_map`: the ids of what is in each group.
pub(super) fn members(project: &Project) -> Json {
    let mut members = Map::new();
    for group in &project.nodes.groups {
        let nodes = project.nodes();
        let ids = nodes
            .filter(|node| project.nodes.group_of(node) == Some(&group.name))
            .map(|node| Json::from(node.unique_id.as_str()));
        members.insert(group.name.clone(), ids.collect());
    }
    Json::Object(members)
}

/// Adds to a node's entry what only the whole project knows: its group, and where its foreign keys point.
pub(crate) fn add(entry: &mut Json, node: &Node, nodes: &Nodes) {
    if matches!(
        node.kind,
        NodeKind::Source | NodeKind::Exposure | NodeKind::UnitTest
    ) {
        return;
    }
    entry["group"] = nodes.group_of(node).into();
    let list = |constraints: &[crate::Constraint], is_of_model| -> Json {
        let constraints = constraints.iter();
        let json = constraints
            .map(|constraint| constraint.json(nodes.target_of(constraint).as_ref(), is_of_model));
        json.collect()
    };
    if node.kind == NodeKind::Model {
        entry["constraints"] = list(&node.constraints, true);
    }
    for column in node
        .columns
        .iter()
        .filter(|column| !column.constraints.is_empty())
    {
        entry["columns"][&column.name]["constraints"] = list(&column.constraints, false);
    }
}
