use std::{cell::Cell, rc::Rc, sync::Arc};

use super::{For, Interpreter, Interrupt, Object, Result, Scope, Value};

/// What `loop` is inside a `for`.
struct Loop {
    index: Cell<usize>,
    items: Rc<Vec<Value>>,
    depth: usize,
    last_changed: std::cell::RefCell<Option<Value>>,
}

impl Object for Loop {
    fn type_name(&self) -> &'static str {
        "LoopContext"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let (index, length) = (self.index.get(), self.items.len());
        let number = |number: usize| Some(Value::Int(number as i64));
        match name {
            "index" => number(index + 1),
            "index0" => number(index),
            "revindex" => number(length - index),
            "revindex0" => number(length - index - 1),
            "first" => Some(Value::Bool(index == 0)),
            "last" => Some(Value::Bool(index + 1 == length)),
            "length" => number(length),
            "depth" => number(self.depth + 1),
            "depth0" => number(self.depth),
            "previtem" => index
                .checked_sub(1)
                .and_then(|index| self.items.get(index).cloned()),
            "nextitem" => self.items.get(index + 1).cloned(),
            _ => None,
        }
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: super::Arguments,
    ) -> Option<Result<Value>> {
        match name {
            "cycle" if !arguments.positional.is_empty() => {
                let index = self.index.get() % arguments.positional.len();
                Some(Ok(arguments.positional[index].clone()))
            }
            "changed" => {
                let value = Value::tuple(arguments.positional);
                let changed = self.last_changed.borrow().as_ref() != Some(&value);
                *self.last_changed.borrow_mut() = Some(value);
                Some(Ok(Value::Bool(changed)))
            }
            _ => None,
        }
    }
}

impl Interpreter {
    pub(super) fn for_loop(
        &mut self,
        block: &For,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<()> {
        if block.recursive {
            return Err(super::fail("recursive loops are not supported"));
        }
        let iterable = self.evaluate(&block.iterable, scope)?;
        self.limits.weigh(&iterable)?;
        let mut items = iterable.items()?;
        if let Some(condition) = &block.condition {
            let mut kept = Vec::new();
            for item in items {
                let inner = Scope::new(Some(scope));
                self.assign(&block.target, item.clone(), &inner)?;
                if self.evaluate(condition, &inner)?.is_true() {
                    kept.push(item);
                }
            }
            items = kept;
        }
        if items.is_empty() {
            return self.statements(&block.otherwise, scope, out);
        }
        self.deeper(|interpreter| interpreter.iterate(block, items, scope, out))
    }

    fn iterate(
        &mut self,
        block: &For,
        items: Vec<Value>,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<()> {
        let items = Rc::new(items);
        let state = Rc::new(Loop {
            index: Cell::new(0),
            items: Rc::clone(&items),
            depth: 0,
            last_changed: Default::default(),
        });
        let loop_name: Arc<str> = Arc::from("loop");
        let object: Rc<dyn Object> = Rc::<Loop>::clone(&state);
        for (index, item) in items.iter().enumerate() {
            state.index.set(index);
            let inner = Scope::new(Some(scope));
            inner.set(&loop_name, Value::Object(Rc::clone(&object)));
            self.assign(&block.target, item.clone(), &inner)?;
            match self.statements(&block.body, &inner, out) {
                Ok(()) | Err(Interrupt::Continue) => {}
                Err(Interrupt::Break) => break,
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}
