use std::{rc::Rc, sync::Arc};

use super::{Arguments, Block, Interpreter, Interrupt, Object, Result, Scope, Value, fail};

/// A macro that can be called.
pub(crate) struct Macro {
    block: Arc<Block>,
    file: Arc<str>,
    /// The scope it was defined in; none for the macros of a project.
    closure: Option<Rc<Scope>>,
}

impl Macro {
    pub(crate) fn new(block: Arc<Block>, file: Arc<str>, closure: Option<Rc<Scope>>) -> Self {
        Self {
            block,
            file,
            closure,
        }
    }

    fn bind(&self, interpreter: &mut Interpreter, mut arguments: Arguments) -> Result<Rc<Scope>> {
        let scope = Scope::new(self.closure.as_ref());
        let block = &self.block;
        let n_parameters = block.parameters.len();
        if arguments.positional.len() > n_parameters && !block.takes_varargs {
            return Err(fail(format!(
                "macro `{}` takes not more than {n_parameters} argument(s), got {}",
                block.name,
                arguments.positional.len()
            )));
        }
        let extra = arguments
            .positional
            .split_off(n_parameters.min(arguments.positional.len()));
        let mut positional = arguments.positional.into_iter();
        for (name, default) in &block.parameters {
            let keyword = arguments
                .keyword
                .iter()
                .position(|(key, _)| **key == **name);
            let value = match (positional.next(), keyword) {
                (Some(_), Some(_)) => {
                    return Err(fail(format!(
                        "macro `{}` got two values for argument `{name}`",
                        block.name
                    )));
                }
                (Some(value), None) => value,
                (None, Some(index)) => arguments.keyword.remove(index).1,
                (None, None) => match default {
                    Some(default) => interpreter.evaluate(default, &scope)?,
                    None => Value::undefined(name),
                },
            };
            scope.set(name, value);
        }
        if let Some(index) = arguments
            .keyword
            .iter()
            .position(|(key, _)| &**key == "caller")
        {
            scope.set(&Arc::from("caller"), arguments.keyword.remove(index).1);
        }
        if !block.takes_kwargs
            && let Some((name, _)) = arguments.keyword.first()
        {
            return Err(fail(format!(
                "macro `{}` takes no keyword argument `{name}`",
                block.name
            )));
        }
        scope.set(&Arc::from("varargs"), Value::tuple(extra));
        scope.set(&Arc::from("kwargs"), Value::dict(arguments.keyword));
        Ok(scope)
    }

    fn run(&self, interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        let scope = self.bind(interpreter, arguments)?;
        match interpreter.capture(&self.block.body, &scope) {
            Ok(text) => Ok(Value::from(text)),
            Err(Interrupt::Return(value)) => Ok(value),
            Err(other) => Err(other),
        }
    }
}

impl Object for Macro {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        (name == "name").then(|| Value::text(&self.block.name))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        let caller_file = std::mem::replace(&mut interpreter.file, Arc::clone(&self.file));
        let result = interpreter.deeper(|interpreter| self.run(interpreter, arguments));
        let result = match result {
            Err(Interrupt::Error(mut error)) => {
                error
                    .at
                    .get_or_insert_with(|| (Arc::clone(&self.file), self.block.at));
                error.macros.push(self.block.name.as_ref().to_owned());
                Err(Interrupt::Error(error))
            }
            other => other,
        };
        interpreter.file = caller_file;
        result
    }

    fn print(&self) -> String {
        format!("<Macro '{}'>", self.block.name)
    }
}
