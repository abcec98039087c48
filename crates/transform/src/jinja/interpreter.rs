use std::{cell::RefCell, rc::Rc, sync::Arc};

use super::{
    Arguments, Error, Interrupt, Object, Result, Template, Value, fail, filters, operators,
    predicates,
    syntax::{
        Block, Call, CallArguments, Comparison, Expression, ExpressionKind, For, Position,
        Statement, StatementKind, Target,
    },
    value::release,
};

mod limits;
mod loops;
mod macros;

use limits::Limits;
pub(crate) use macros::Macro;

/// Gives a template the names that it does not set itself.
pub(crate) trait Host {
    fn global(&self, name: &str) -> Option<Value>;

    /// Names to suggest when one is not found.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The variables of a block; inner blocks read outer ones.
pub(crate) struct Scope {
    variables: RefCell<Vec<(Arc<str>, Value)>>,
    parent: Option<Rc<Scope>>,
}

impl Scope {
    fn new(parent: Option<&Rc<Scope>>) -> Rc<Self> {
        Rc::new(Self {
            variables: RefCell::default(),
            parent: parent.map(Rc::clone),
        })
    }

    fn get(&self, name: &str) -> Option<Value> {
        let own = self
            .variables
            .borrow()
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value.clone());
        own.or_else(|| self.parent.as_ref()?.get(name))
    }

    fn set(&self, name: &Arc<str>, value: Value) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(key, _)| key == name) {
            Some(entry) => entry.1 = value,
            None => variables.push((Arc::clone(name), value)),
        }
    }
}

/// Renders templates for one host.
pub(crate) struct Interpreter {
    host: Rc<dyn Host>,
    file: Arc<str>,
    limits: Limits,
}

impl Drop for Scope {
    fn drop(&mut self) {
        let variables = self.variables.get_mut().drain(..);
        release(variables.map(|(_, value)| value));
    }
}

impl Interpreter {
    pub(crate) fn new(host: Rc<dyn Host>) -> Self {
        Self {
            host,
            file: Arc::from(""),
            limits: Limits::default(),
        }
    }

    /// Renders a whole template.
    pub(crate) fn render(&mut self, template: &Template) -> Result<String, Box<Error>> {
        self.file = Arc::clone(&template.file);
        let mut out = String::new();
        let scope = Scope::new(None);
        match self.statements(&template.body, &scope, &mut out) {
            Ok(()) => Ok(out),
            Err(interrupt) => Err(Box::new(interrupt.into_error())),
        }
    }

    /// The value of a template that is one `{{ … }}`, or the text of any other: dbt's native rendering.
    pub(crate) fn render_native(&mut self, template: &Template) -> Result<Value, Box<Error>> {
        if let [
            Statement {
                kind: StatementKind::Output(expression),
                ..
            },
        ] = &template.body[..]
        {
            self.file = Arc::clone(&template.file);
            let value = self.evaluate(expression, &Scope::new(None));
            return value.map_err(|interrupt| Box::new(interrupt.into_error()));
        }
        self.render(template).map(Value::from)
    }

    fn locate(&self, interrupt: Interrupt, at: Position) -> Interrupt {
        match interrupt {
            Interrupt::Error(mut error) => {
                error.at.get_or_insert_with(|| (Arc::clone(&self.file), at));
                Interrupt::Error(error)
            }
            other => other,
        }
    }

    fn statements(
        &mut self,
        statements: &[Statement],
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<()> {
        for statement in statements {
            self.limits.spend(1)?;
            self.statement(&statement.kind, statement.at, scope, out)
                .map_err(|interrupt| self.locate(interrupt, statement.at))?;
        }
        Ok(())
    }

    fn capture(&mut self, statements: &[Statement], scope: &Rc<Scope>) -> Result<String> {
        let mut text = String::new();
        self.statements(statements, scope, &mut text)?;
        Ok(text)
    }

    fn statement(
        &mut self,
        kind: &StatementKind,
        at: Position,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<()> {
        match kind {
            StatementKind::Text(text) => out.push_str(text),
            StatementKind::Output(expression) => {
                out.push_str(&self.evaluate(expression, scope)?.to_string())
            }
            StatementKind::Do(expression) => {
                self.evaluate(expression, scope)?;
            }
            StatementKind::If {
                branches,
                otherwise,
            } => {
                for (condition, body) in branches {
                    if self.evaluate(condition, scope)?.is_true() {
                        return self.statements(body, scope, out);
                    }
                }
                self.statements(otherwise, scope, out)?;
            }
            StatementKind::For(block) => self.for_loop(block, scope, out)?,
            StatementKind::Set { target, value } => {
                let value = self.evaluate(value, scope)?;
                self.assign(target, value, scope)?;
            }
            StatementKind::SetBlock {
                target,
                filters,
                body,
            } => {
                let text = self.capture(body, &Scope::new(Some(scope)))?;
                let value = self.filtered(filters, Value::from(text), scope)?;
                self.assign(target, value, scope)?;
            }
            StatementKind::FilterBlock { filters, body } => {
                let text = self.capture(body, &Scope::new(Some(scope)))?;
                out.push_str(
                    &self
                        .filtered(filters, Value::from(text), scope)?
                        .to_string(),
                );
            }
            StatementKind::With { assignments, body } => {
                let inner = Scope::new(Some(scope));
                for (target, value) in assignments {
                    let value = self.evaluate(value, scope)?;
                    self.assign(target, value, &inner)?;
                }
                self.statements(body, &inner, out)?;
            }
            StatementKind::CallBlock { call, caller } => {
                out.push_str(&self.call_block(call, caller, scope)?)
            }
            StatementKind::Block(block) => {
                let value = Macro::new(
                    Arc::clone(block),
                    Arc::clone(&self.file),
                    Some(Rc::clone(scope)),
                );
                scope.set(&block.name, Value::object(value));
            }
            StatementKind::Break => return Err(Interrupt::Break),
            StatementKind::Continue => return Err(Interrupt::Continue),
        }
        let _ = at;
        Ok(())
    }

    fn call_block(
        &mut self,
        call: &Expression,
        caller: &Arc<Block>,
        scope: &Rc<Scope>,
    ) -> Result<String> {
        let ExpressionKind::Call(callee, arguments) = &call.kind else {
            return Err(fail("`call` needs a call"));
        };
        let callee = self.evaluate(callee, scope)?;
        let mut arguments = self.arguments(arguments, scope)?;
        let caller = Macro::new(
            Arc::clone(caller),
            Arc::clone(&self.file),
            Some(Rc::clone(scope)),
        );
        arguments
            .keyword
            .push((Rc::from("caller"), Value::object(caller)));
        Ok(self
            .deeper(|interpreter| callee.call(interpreter, arguments))?
            .to_string())
    }

    fn filtered(&mut self, filters: &[Call], mut value: Value, scope: &Rc<Scope>) -> Result<Value> {
        for filter in filters {
            let arguments = self.arguments(&filter.arguments, scope)?;
            value = filters::apply(self, &filter.name, value, &arguments)?;
        }
        Ok(value)
    }

    fn assign(&mut self, target: &Target, value: Value, scope: &Rc<Scope>) -> Result<()> {
        match target {
            Target::Name(name) => scope.set(name, value),
            Target::Attribute { object, attribute } => {
                let object_value = self.lookup(object, scope);
                let is_set = match &object_value {
                    Value::Object(object) => object.set_attribute(attribute, value),
                    _ => false,
                };
                if !is_set {
                    return Err(fail(format!(
                        "cannot set attribute `{attribute}` of `{object}`: not a namespace"
                    )));
                }
            }
            Target::Tuple(targets) => {
                let values = value.items()?;
                if values.len() != targets.len() {
                    return Err(fail(format!(
                        "expected {} values to unpack, got {}",
                        targets.len(),
                        values.len()
                    )));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.assign(target, value, scope)?;
                }
            }
        }
        Ok(())
    }

    fn lookup(&self, name: &str, scope: &Scope) -> Value {
        if let Some(value) = scope.get(name) {
            return value;
        }
        operators::builtin(name)
            .or_else(|| self.host.global(name))
            .unwrap_or_else(|| Value::undefined(name))
    }

    /// Runs the argument through the interpreter's own call, with depth guarded.
    pub(crate) fn call(&mut self, callee: &Value, arguments: Arguments) -> Result<Value> {
        self.deeper(|interpreter| callee.call(interpreter, arguments))
    }

    fn arguments(&mut self, arguments: &CallArguments, scope: &Rc<Scope>) -> Result<Arguments> {
        let mut values = Arguments::default();
        for expression in &arguments.positional {
            values.positional.push(self.evaluate(expression, scope)?);
        }
        for (name, expression) in &arguments.keyword {
            values
                .keyword
                .push((Rc::from(&**name), self.evaluate(expression, scope)?));
        }
        if let Some(spread) = &arguments.spread {
            values
                .positional
                .extend(self.evaluate(spread, scope)?.items()?);
        }
        if let Some(spread) = &arguments.keyword_spread {
            let Value::Dict(dict) = self.evaluate(spread, scope)? else {
                return Err(fail("argument after `**` must be a mapping"));
            };
            for (key, value) in dict.borrow().entries() {
                values
                    .keyword
                    .push((Rc::from(key.to_string()), value.clone()));
            }
        }
        Ok(values)
    }

    fn evaluate_all(
        &mut self,
        expressions: &[Expression],
        scope: &Rc<Scope>,
    ) -> Result<Vec<Value>> {
        expressions
            .iter()
            .map(|expression| self.evaluate(expression, scope))
            .collect()
    }

    fn evaluate(&mut self, expression: &Expression, scope: &Rc<Scope>) -> Result<Value> {
        self.limited(expression, scope)
            .map_err(|interrupt| self.locate(interrupt, expression.at))
    }

    fn evaluate_kind(&mut self, expression: &Expression, scope: &Rc<Scope>) -> Result<Value> {
        Ok(match &expression.kind {
            ExpressionKind::None => Value::None,
            ExpressionKind::Bool(flag) => Value::Bool(*flag),
            ExpressionKind::Int(number) => Value::Int(*number),
            ExpressionKind::Float(number) => Value::Float(*number),
            ExpressionKind::String(text) => Value::text(text),
            ExpressionKind::Name(name) => self.lookup(name, scope),
            ExpressionKind::List(values) => Value::list(self.evaluate_all(values, scope)?),
            ExpressionKind::Tuple(values) => Value::tuple(self.evaluate_all(values, scope)?),
            ExpressionKind::Dict(entries) => {
                let mut dict = super::Dict::default();
                for (key, value) in entries {
                    dict.insert(self.evaluate(key, scope)?, self.evaluate(value, scope)?);
                }
                Value::from(dict)
            }
            ExpressionKind::Negate(value) => operators::negate(&self.evaluate(value, scope)?)?,
            ExpressionKind::Plus(value) => self.evaluate(value, scope)?,
            ExpressionKind::Not(value) => Value::Bool(!self.evaluate(value, scope)?.is_true()),
            ExpressionKind::Binary(operator, left, right) => {
                let left = self.evaluate(left, scope)?;
                operators::binary(*operator, &left, &self.evaluate(right, scope)?)?
            }
            ExpressionKind::And(left, right) => {
                let left = self.evaluate(left, scope)?;
                if left.is_true() {
                    self.evaluate(right, scope)?
                } else {
                    left
                }
            }
            ExpressionKind::Or(left, right) => {
                let left = self.evaluate(left, scope)?;
                if left.is_true() {
                    left
                } else {
                    self.evaluate(right, scope)?
                }
            }
            ExpressionKind::Compare(first, rest) => {
                let mut left = self.evaluate(first, scope)?;
                for (comparison, right) in rest {
                    let right = self.evaluate(right, scope)?;
                    if matches!(comparison, Comparison::In | Comparison::NotIn) {
                        self.limits.weigh(&right)?;
                    }
                    if !operators::compare(*comparison, &left, &right)? {
                        return Ok(Value::Bool(false));
                    }
                    left = right;
                }
                Value::Bool(true)
            }
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => {
                if self.evaluate(condition, scope)?.is_true() {
                    self.evaluate(then, scope)?
                } else if let Some(otherwise) = otherwise {
                    self.evaluate(otherwise, scope)?
                } else {
                    Value::undefined("the inline if-expression without else")
                }
            }
            ExpressionKind::Attribute(value, name) => {
                let value = self.evaluate(value, scope)?;
                operators::attribute(&value, name)?
            }
            ExpressionKind::Item(value, index) => {
                let value = self.evaluate(value, scope)?;
                value.item(&self.evaluate(index, scope)?)?
            }
            ExpressionKind::Slice(value, parts) => {
                let value = self.evaluate(value, scope)?;
                let mut bounds = [None; 3];
                for (bound, part) in bounds.iter_mut().zip(parts) {
                    if let Some(part) = part
                        && let Value::Int(number) = self.evaluate(part, scope)?
                    {
                        *bound = Some(number);
                    }
                }
                operators::slice(&value, bounds)?
            }
            ExpressionKind::Call(callee, arguments) => {
                self.evaluate_call(callee, arguments, scope)?
            }
            ExpressionKind::Filter(value, filter) => {
                let value = self.evaluate(value, scope)?;
                self.limits.weigh(&value)?;
                let arguments = self.arguments(&filter.arguments, scope)?;
                filters::apply(self, &filter.name, value, &arguments)?
            }
            ExpressionKind::Test {
                value,
                test,
                negated,
            } => {
                let value = self.evaluate(value, scope)?;
                let arguments = self.arguments(&test.arguments, scope)?;
                Value::Bool(predicates::check(&test.name, &value, &arguments)? != *negated)
            }
        })
    }

    fn evaluate_call(
        &mut self,
        callee: &Expression,
        arguments: &CallArguments,
        scope: &Rc<Scope>,
    ) -> Result<Value> {
        if let ExpressionKind::Attribute(object, method) = &callee.kind {
            let object = self.evaluate(object, scope)?;
            let arguments = self.arguments(arguments, scope)?;
            self.limits.weigh_method(&object, method, &arguments)?;
            return self.deeper(|interpreter| {
                super::methods::call(interpreter, &object, method, arguments)
            });
        }
        let function = self.evaluate(callee, scope)?;
        if let Value::Undefined(name) = &function {
            let names = self.host.names();
            let hint = crate::diagnostic::nearest(name, names.iter().map(String::as_str));
            return Err(Error {
                hint,
                ..Error::new(format!("`{name}` is undefined"))
            }
            .into());
        }
        let arguments = self.arguments(arguments, scope)?;
        self.deeper(|interpreter| function.call(interpreter, arguments))
    }
}
