use warehouse::Connection;

use super::{
    Shop,
    node::{Failure, held},
};
use crate::{Node, compile::Hook};

impl Shop<'_> {
    /// Renders and runs those hooks of a node that share its transaction, or those that do not. As in dbt a hook
    /// renders when it runs, so that one after the node can ask for the node's rows.
    pub(super) fn run_hooks(
        &self,
        node: &Node,
        hooks: &[Hook],
        in_transaction: bool,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<(), Failure> {
        let hooks = hooks.iter();
        for hook in hooks.filter(|hook| hook.in_transaction == in_transaction) {
            let before = self.existing(&node.relation());
            let sql = self.compiler.render_hook(node, &hook.sql, before, slot)?;
            if !sql.trim().is_empty() {
                held(slot)?.execute(&sql)?;
            }
        }
        Ok(())
    }
}
