use std::{rc::Rc, sync::Arc};

use super::{Host, Interpreter, Interrupt, Value, parse};

struct Empty;

impl Host for Empty {
    fn global(&self, name: &str) -> Option<Value> {
        match name {
            "return" => Some(Value::function("return", |_, arguments| {
                Err(Interrupt::Return(
                    arguments.positional.first().cloned().unwrap_or(Value::None),
                ))
            })),
            "x" => Some(Value::Int(7)),
            _ => None,
        }
    }
}

fn render(source: &str) -> Result<String, Box<super::Error>> {
    let template = parse(&Arc::from("test.sql"), source)?;
    Interpreter::new(Rc::new(Empty)).render(&template)
}

#[track_caller]
fn check(source: &str, expect: &str) {
    assert_eq!(render(source).unwrap(), expect, "{source}");
}

#[test]
fn python_values_print_as_python_prints_them() {
    check(
        "{{ [1, 2.0, 'a', none, true] }}",
        "[1, 2.0, 'a', None, True]",
    );
    check(
        "{{ {'a': (1,), \"b'\": 1e20} }}",
        "{'a': (1,), \"b'\": 1e+20}",
    );
    check(
        "{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 }}",
        "3.5 3 -4 2 8",
    );
    check("{{ 'a' ~ 1 ~ none }}{{ missing }}", "a1None");
    check(
        "{{ '%s-%02d' % ('a', 3) }} {{ '{} {x}'.format(1, x=2) }}",
        "a-03 1 2",
    );
}

#[test]
fn lists_and_dicts_change_in_place() {
    check(
        "{% set xs = [] %}{% for i in range(3) %}{% do xs.append(i) %}{% endfor %}{{ xs }}",
        "[0, 1, 2]",
    );
    check(
        "{% set d = {} %}{% do d.update({'a': 1}) %}{% do d.setdefault('b', []).append(2) %}{{ d }}",
        "{'a': 1, 'b': [2]}",
    );
    check(
        "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}",
        "1",
    );
    check(
        "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
        "3",
    );
}

#[test]
fn macros_take_every_kind_of_argument_and_return_values() {
    check(
        "{% macro m(a, b=2) %}{{ a }}-{{ b }}-{{ varargs }}-{{ kwargs }}{% endmacro %}{{ m(1, 3, 4, c=5) }}",
        "1-3-(4,)-{'c': 5}",
    );
    check(
        "{% macro m() %}{% do return([1, 2]) %}{% endmacro %}{{ m()[1] }}",
        "2",
    );
    check(
        "{% macro m() %}<{{ caller('x') }}>{% endmacro %}{% call(v) m() %}{{ v }}!{% endcall %}",
        "<x!>",
    );
    check(
        "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(**{'a': 4}) }}",
        "4",
    );
    assert_eq!(
        render("{% macro m() %}{% endmacro %}{{ m(1) }}")
            .unwrap_err()
            .message,
        "macro `m` takes not more than 0 argument(s), got 1"
    );
}

#[test]
fn white_space_control_and_raw() {
    check("a {%- if true -%} b {%- endif %} c", "ab c");
    check(
        "{% raw %}{{ x }}{% endraw %}{# no #}{{ x -}}  y\n",
        "{{ x }}7y",
    );
    check("{{ {'a': {'b': 1}}['a']['b'] }}", "1");
    check(
        "{{ 'abc'[::-1] }}{{ [1,2,3][1:] }}{{ [3,1]|sort|join(',') }}",
        "cba[2, 3]1,3",
    );
}

#[test]
fn loops_know_where_they_are() {
    check(
        "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{{ ',' if not loop.last }}{% else %}none{% endfor %}",
        "a1,b2",
    );
    check(
        "{% for i in range(5) if i is odd %}{{ loop.index }}:{{ i }} {% endfor %}",
        "1:1 2:3 ",
    );
    check(
        "{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "01",
    );
}

#[test]
fn errors_name_their_place() {
    let error = render("a\n  {{ nothing.at_all }}").unwrap_err();
    assert_eq!(error.message, "`nothing` is undefined");
    assert_eq!(
        error
            .at
            .map(|(file, at)| (file.to_string(), at.line, at.column)),
        Some(("test.sql".into(), 2, 13))
    );
    let error = render("{% if x %}").unwrap_err();
    assert_eq!(error.message, "missing `{% endif %}`");
    let error = render("{{ 'a' | uper }}").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `upper`?"));
    assert_eq!(
        render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")
            .unwrap_err()
            .message,
        "macros and loops nest too deep"
    );
}

#[test]
fn a_template_ends_whatever_it_says() {
    let check_fails = |source: &str, expect: &str| {
        let error = render(source).unwrap_err();
        assert!(
            error.message.contains(expect),
            "{source}: {}",
            error.message
        );
    };
    check_fails("{{ range(10 ** 12) }}", "range is too long");
    check_fails(
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "nest too deep",
    );
    check_fails(
        "{% for a in range(100000) %}{% for b in range(100000)|list|list|list %}{% endfor %}{% endfor %}",
        "template does not end",
    );
    check_fails(
        "{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "text is too long",
    );
    check_fails(
        "{% set n = namespace(x=[], y=[]) %}{% for i in range(50) %}{% set n.x = [n.x, n.x] %}\
         {% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
        "too large to compare",
    );
    check_fails(
        &format!("{{{{ x{} }}}}", "|abs".repeat(6_000)),
        "expression is too long",
    );
    check_fails(
        &format!("{{{{ x{} }}}}", "|abs".repeat(4_000)),
        "nest too deep",
    );
    check("{{ [] * 9223372036854775807 }}", "[]");
    // Deeper than any stack, and in itself.
    check(
        "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% set n.x = [n.x] %}{% endfor %}\
         {% set l = [] %}{% do l.append(l) %}{{ l == l }}",
        "True",
    );
    check(
        "{{ [1.0, 'nan' | float, 0.5, 'nan' | float, 0.1] | sort | length }}",
        "5",
    );
}
