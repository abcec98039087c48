use std::sync::Arc;

/// A place in a template; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// A parsed file or string.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) file: Arc<str>,
    pub(crate) body: Vec<Statement>,
}

impl Template {
    /// The blocks at the top level: macros, tests, materializations, snapshots.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        self.body
            .iter()
            .filter_map(|statement| match &statement.kind {
                StatementKind::Block(block) => Some(block),
                _ => None,
            })
    }
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) at: Position,
}

#[derive(Debug)]
pub(crate) enum StatementKind {
    Text(String),
    Output(Expression),
    Do(Expression),
    If {
        branches: Vec<(Expression, Vec<Statement>)>,
        otherwise: Vec<Statement>,
    },
    For(Box<For>),
    Set {
        target: Target,
        value: Expression,
    },
    SetBlock {
        target: Target,
        filters: Vec<Call>,
        body: Vec<Statement>,
    },
    FilterBlock {
        filters: Vec<Call>,
        body: Vec<Statement>,
    },
    With {
        assignments: Vec<(Target, Expression)>,
        body: Vec<Statement>,
    },
    CallBlock {
        call: Expression,
        caller: Arc<Block>,
    },
    Block(Arc<Block>),
    Break,
    Continue,
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) target: Target,
    pub(crate) iterable: Expression,
    pub(crate) condition: Option<Expression>,
    pub(crate) recursive: bool,
    pub(crate) body: Vec<Statement>,
    pub(crate) otherwise: Vec<Statement>,
}

/// What a named block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Macro,
    Test,
    Materialization,
    Snapshot,
}

/// A named piece of template that can be called.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// The name it is called by: `test_x` for `{% test x %}`.
    pub(crate) name: Arc<str>,
    pub(crate) parameters: Vec<(Arc<str>, Option<Expression>)>,
    pub(crate) body: Vec<Statement>,
    pub(crate) at: Position,
    /// Whether extra positional arguments are welcome.
    pub(crate) takes_varargs: bool,
    /// Whether extra named arguments are welcome.
    pub(crate) takes_kwargs: bool,
    /// The text of the whole block, tags included.
    pub(crate) source: Arc<str>,
}

#[derive(Debug)]
pub(crate) enum Target {
    Name(Arc<str>),
    Tuple(Vec<Target>),
    Attribute {
        object: Arc<str>,
        attribute: Arc<str>,
    },
}

#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) kind: ExpressionKind,
    pub(crate) at: Position,
}

#[derive(Debug)]
pub(crate) enum ExpressionKind {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Arc<str>),
    Name(Arc<str>),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    Negate(Box<Expression>),
    Plus(Box<Expression>),
    Not(Box<Expression>),
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Box<Expression>, Vec<(Comparison, Expression)>),
    Conditional {
        condition: Box<Expression>,
        then: Box<Expression>,
        otherwise: Option<Box<Expression>>,
    },
    Attribute(Box<Expression>, Arc<str>),
    Item(Box<Expression>, Box<Expression>),
    Slice(Box<Expression>, [Option<Box<Expression>>; 3]),
    Call(Box<Expression>, CallArguments),
    Filter(Box<Expression>, Call),
    Test {
        value: Box<Expression>,
        test: Call,
        negated: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    Concatenate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// A filter or test with its arguments.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: Arc<str>,
    pub(crate) arguments: CallArguments,
}

#[derive(Debug, Default)]
pub(crate) struct CallArguments {
    pub(crate) positional: Vec<Expression>,
    pub(crate) keyword: Vec<(Arc<str>, Expression)>,
    pub(crate) spread: Option<Box<Expression>>,
    pub(crate) keyword_spread: Option<Box<Expression>>,
}
