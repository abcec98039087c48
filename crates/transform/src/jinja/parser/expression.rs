use std::sync::Arc;

use super::{
    Call, CallArguments, Expression, ExpressionKind, ParseResult, Parser, Position, TokenKind,
};
use crate::jinja::syntax::{BinaryOperator, Comparison};

fn boxed(kind: ExpressionKind, at: Position) -> Box<Expression> {
    Box::new(Expression { kind, at })
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> ParseResult<Expression> {
        self.deeper(Self::conditional)
    }

    pub(super) fn tuple_or_expression(&mut self) -> ParseResult<Expression> {
        self.tuple(Self::expression)
    }

    /// As in `for x in a, b if …`: the `if` belongs to the loop.
    pub(super) fn tuple_without_condition(&mut self) -> ParseResult<Expression> {
        self.tuple(|parser| parser.deeper(Self::or))
    }

    fn tuple(
        &mut self,
        element: impl Fn(&mut Self) -> ParseResult<Expression>,
    ) -> ParseResult<Expression> {
        let first = element(self)?;
        if !self.is_operator(",") {
            return Ok(first);
        }
        let at = first.at;
        let mut elements = vec![first];
        while self.take_operator(",") {
            if matches!(self.peek(), TokenKind::BlockEnd | TokenKind::OutputEnd)
                || self.is_operator(")")
            {
                break;
            }
            elements.push(element(self)?);
        }
        Ok(Expression {
            kind: ExpressionKind::Tuple(elements),
            at,
        })
    }

    fn conditional(&mut self) -> ParseResult<Expression> {
        let mut value = self.or()?;
        while self.take_name("if") {
            self.link()?;
            let at = value.at;
            let condition = Box::new(self.or()?);
            let otherwise = if self.take_name("else") {
                Some(Box::new(self.expression()?))
            } else {
                None
            };
            value = Expression {
                kind: ExpressionKind::Conditional {
                    condition,
                    then: Box::new(value),
                    otherwise,
                },
                at,
            };
        }
        Ok(value)
    }

    fn or(&mut self) -> ParseResult<Expression> {
        let mut left = self.and()?;
        while self.take_name("or") {
            self.link()?;
            let (at, right) = (left.at, self.and()?);
            left = Expression {
                kind: ExpressionKind::Or(Box::new(left), Box::new(right)),
                at,
            };
        }
        Ok(left)
    }

    fn and(&mut self) -> ParseResult<Expression> {
        let mut left = self.not()?;
        while self.take_name("and") {
            self.link()?;
            let (at, right) = (left.at, self.not()?);
            left = Expression {
                kind: ExpressionKind::And(Box::new(left), Box::new(right)),
                at,
            };
        }
        Ok(left)
    }

    fn not(&mut self) -> ParseResult<Expression> {
        let at = self.at();
        if self.take_name("not") {
            let value = self.deeper(Self::not)?;
            return Ok(Expression {
                kind: ExpressionKind::Not(Box::new(value)),
                at,
            });
        }
        self.comparison()
    }

    fn comparison(&mut self) -> ParseResult<Expression> {
        let left = self.sum()?;
        let at = left.at;
        let mut comparisons = Vec::new();
        while let Some(comparison) = self.comparison_operator() {
            comparisons.push((comparison, self.sum()?));
        }
        if comparisons.is_empty() {
            return Ok(left);
        }
        Ok(Expression {
            kind: ExpressionKind::Compare(Box::new(left), comparisons),
            at,
        })
    }

    fn comparison_operator(&mut self) -> Option<Comparison> {
        let (comparison, length) = match (self.peek(), self.peek_second()) {
            (TokenKind::Operator("=="), _) => (Comparison::Equal, 1),
            (TokenKind::Operator("!="), _) => (Comparison::NotEqual, 1),
            (TokenKind::Operator("<"), _) => (Comparison::Less, 1),
            (TokenKind::Operator("<="), _) => (Comparison::LessOrEqual, 1),
            (TokenKind::Operator(">"), _) => (Comparison::Greater, 1),
            (TokenKind::Operator(">="), _) => (Comparison::GreaterOrEqual, 1),
            (TokenKind::Name(name), _) if name == "in" => (Comparison::In, 1),
            (TokenKind::Name(not), TokenKind::Name(name)) if not == "not" && name == "in" => {
                (Comparison::NotIn, 2)
            }
            _ => return None,
        };
        self.next += length;
        Some(comparison)
    }

    fn sum(&mut self) -> ParseResult<Expression> {
        self.binary(
            &[("+", BinaryOperator::Add), ("-", BinaryOperator::Subtract)],
            Self::concatenation,
        )
    }

    fn concatenation(&mut self) -> ParseResult<Expression> {
        self.binary(&[("~", BinaryOperator::Concatenate)], Self::product)
    }

    fn product(&mut self) -> ParseResult<Expression> {
        let operators = [
            ("*", BinaryOperator::Multiply),
            ("//", BinaryOperator::FloorDivide),
            ("/", BinaryOperator::Divide),
            ("%", BinaryOperator::Remainder),
        ];
        self.binary(&operators, Self::power)
    }

    fn power(&mut self) -> ParseResult<Expression> {
        self.binary(&[("**", BinaryOperator::Power)], |parser| {
            parser.unary(true)
        })
    }

    fn binary(
        &mut self,
        operators: &[(&str, BinaryOperator)],
        operand: impl Fn(&mut Self) -> ParseResult<Expression>,
    ) -> ParseResult<Expression> {
        let mut left = operand(self)?;
        while let Some((_, operator)) = operators
            .iter()
            .find(|(symbol, _)| self.is_operator(symbol))
        {
            self.next += 1;
            self.link()?;
            let (at, right) = (left.at, operand(self)?);
            left = Expression {
                kind: ExpressionKind::Binary(*operator, Box::new(left), Box::new(right)),
                at,
            };
        }
        Ok(left)
    }

    fn unary(&mut self, with_filters: bool) -> ParseResult<Expression> {
        let at = self.at();
        let value = if self.take_operator("-") {
            let value = self.deeper(|parser| parser.unary(false))?;
            Expression {
                kind: ExpressionKind::Negate(Box::new(value)),
                at,
            }
        } else if self.take_operator("+") {
            let value = self.deeper(|parser| parser.unary(false))?;
            Expression {
                kind: ExpressionKind::Plus(Box::new(value)),
                at,
            }
        } else {
            let primary = self.primary()?;
            self.postfix(primary)?
        };
        if with_filters {
            self.filters(value)
        } else {
            Ok(value)
        }
    }

    fn primary(&mut self) -> ParseResult<Expression> {
        let at = self.at();
        let kind = match self.peek().clone() {
            TokenKind::Name(name) => {
                self.next += 1;
                self.named(&name)
            }
            TokenKind::String(mut text) => {
                self.next += 1;
                while let TokenKind::String(more) = self.peek() {
                    text.push_str(more);
                    self.next += 1;
                }
                ExpressionKind::String(Arc::from(text))
            }
            TokenKind::Int(number) => {
                self.next += 1;
                ExpressionKind::Int(number)
            }
            TokenKind::Float(number) => {
                self.next += 1;
                ExpressionKind::Float(number)
            }
            TokenKind::Operator("(") => {
                self.next += 1;
                if self.take_operator(")") {
                    ExpressionKind::Tuple(Vec::new())
                } else {
                    let inner = self.tuple_or_expression()?;
                    self.expect_operator(")")?;
                    inner.kind
                }
            }
            TokenKind::Operator("[") => {
                self.next += 1;
                ExpressionKind::List(self.elements()?)
            }
            TokenKind::Operator("{") => {
                self.next += 1;
                ExpressionKind::Dict(self.entries()?)
            }
            _ => return self.fail(format!("expected an expression, found {}", self.describe())),
        };
        Ok(Expression { kind, at })
    }

    fn named(&mut self, name: &str) -> ExpressionKind {
        match name {
            "true" | "True" => ExpressionKind::Bool(true),
            "false" | "False" => ExpressionKind::Bool(false),
            "none" | "None" => ExpressionKind::None,
            _ => {
                if let Some((varargs, kwargs)) = self.names.last_mut() {
                    *varargs |= name == "varargs";
                    *kwargs |= name == "kwargs";
                }
                ExpressionKind::Name(Arc::from(name))
            }
        }
    }

    fn elements(&mut self) -> ParseResult<Vec<Expression>> {
        let mut elements = Vec::new();
        while !self.take_operator("]") {
            elements.push(self.expression()?);
            if !self.is_operator("]") {
                self.expect_operator(",")?;
            }
        }
        Ok(elements)
    }

    fn entries(&mut self) -> ParseResult<Vec<(Expression, Expression)>> {
        let mut entries = Vec::new();
        while !self.take_operator("}") {
            let key = self.expression()?;
            self.expect_operator(":")?;
            entries.push((key, self.expression()?));
            if !self.is_operator("}") {
                self.expect_operator(",")?;
            }
        }
        Ok(entries)
    }

    fn postfix(&mut self, mut value: Expression) -> ParseResult<Expression> {
        loop {
            let at = self.at();
            if self.take_operator(".") {
                value = match self.advance() {
                    TokenKind::Name(name) => Expression {
                        kind: ExpressionKind::Attribute(Box::new(value), Arc::from(name)),
                        at,
                    },
                    TokenKind::Int(index) => {
                        let index = boxed(ExpressionKind::Int(index), at);
                        Expression {
                            kind: ExpressionKind::Item(Box::new(value), index),
                            at,
                        }
                    }
                    _ => return Err(self.error("expected a name after `.`", at)),
                };
            } else if self.take_operator("[") {
                value = self.subscript(value, at)?;
            } else if self.is_operator("(") {
                let arguments = self.arguments()?;
                let at = value.at;
                value = Expression {
                    kind: ExpressionKind::Call(Box::new(value), arguments),
                    at,
                };
            } else {
                return Ok(value);
            }
            self.link()?;
        }
    }

    fn subscript(&mut self, value: Expression, at: Position) -> ParseResult<Expression> {
        let mut parts: [Option<Box<Expression>>; 3] = [None, None, None];
        let mut n_colons = 0;
        while !self.is_operator("]") {
            if self.take_operator(":") {
                n_colons += 1;
                if n_colons > 2 {
                    return self.fail("unexpected `:`");
                }
            } else {
                parts[n_colons] = Some(Box::new(self.tuple_or_expression()?));
                if !self.is_operator("]") && !self.is_operator(":") {
                    return self.fail(format!("expected `]`, found {}", self.describe()));
                }
            }
        }
        self.expect_operator("]")?;
        let kind = if n_colons > 0 {
            ExpressionKind::Slice(Box::new(value), parts)
        } else {
            let [Some(index), ..] = parts else {
                return Err(self.error("expected an index between `[` and `]`", at));
            };
            ExpressionKind::Item(Box::new(value), index)
        };
        Ok(Expression { kind, at })
    }

    fn filters(&mut self, mut value: Expression) -> ParseResult<Expression> {
        loop {
            let at = self.at();
            if self.take_operator("|") {
                let filter = self.filter_or_test()?;
                value = Expression {
                    kind: ExpressionKind::Filter(Box::new(value), filter),
                    at,
                };
            } else if self.take_name("is") {
                let negated = self.take_name("not");
                let test = self.test()?;
                value = Expression {
                    kind: ExpressionKind::Test {
                        value: Box::new(value),
                        test,
                        negated,
                    },
                    at,
                };
            } else if self.is_operator("(") {
                let arguments = self.arguments()?;
                value = Expression {
                    kind: ExpressionKind::Call(Box::new(value), arguments),
                    at,
                };
            } else {
                return Ok(value);
            }
            self.link()?;
        }
    }

    pub(super) fn filter_or_test(&mut self) -> ParseResult<Call> {
        let mut name = self.name()?.as_ref().to_owned();
        while self.take_operator(".") {
            name = format!("{name}.{}", self.name()?);
        }
        let arguments = if self.is_operator("(") {
            self.arguments()?
        } else {
            CallArguments::default()
        };
        Ok(Call {
            name: Arc::from(name),
            arguments,
        })
    }

    fn test(&mut self) -> ParseResult<Call> {
        let mut test = self.filter_or_test()?;
        let takes_operand = match self.peek() {
            TokenKind::Name(name) => !matches!(
                name.as_str(),
                "else" | "or" | "and" | "is" | "if" | "in" | "not" | "recursive"
            ),
            TokenKind::Int(_) | TokenKind::Float(_) | TokenKind::String(_) => true,
            TokenKind::Operator(operator) => matches!(*operator, "[" | "{"),
            _ => false,
        };
        if takes_operand && test.arguments.positional.is_empty() {
            let operand = self.primary()?;
            test.arguments.positional.push(self.postfix(operand)?);
        }
        Ok(test)
    }
}
