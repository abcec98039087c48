{# What a search compares: words in small letters without accents, one space
   between them. Names and what people type go through the same steps, here and
   in `crates/serve/src/search/words.rs`; a test holds the two together. #}
{% macro search_words(name) -%}
    trim(regexp_replace(
        {{ fold_letters(
            without_accents(drop_inner_marks(name))
        ) | indent(8) }},
        '[{{ code_points(between_words()) }}]+', ' ', 'g'
    ))
{%- endmacro %}

{# Schindler's is Schindlers and E.T. is ET: these part no words. "&" is one. #}
{% macro drop_inner_marks(name) -%}
    translate(replace({{ name }}, '&', ' and '), '''‘’`´.', '')
{%- endmacro %}

{# Letters that have no accent to lose, as people type them. #}
{% macro fold_letters(name) -%}
    translate(replace(replace(replace(replace(
        lower({{ name }}), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        'øłđðıς', 'olddiσ'
    )
{%- endmacro %}

{# Letters without their marks. #}
{% macro without_accents(name) -%}
    {{ return(adapter.dispatch('without_accents')(name)) }}
{%- endmacro %}

{% macro default__without_accents(name) -%}
    strip_accents({{ name }})
{%- endmacro %}

{# A database whose locale is C knows no capitals but those of ASCII. #}
{% macro postgres__without_accents(name) -%}
    translate(
        normalize(
            regexp_replace(
                normalize({{ name }}, nfd),
                '[{{ code_points(marks()) }}]', '', 'g'
            ), nfc
        ),
        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЂЄЅІЈЉЊЋЏАБВ'
        || 'ГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐÆŒØŁĐÐÞẞ',
        'αβγδεζηθικλμνξοπρστυφχψωђєѕіјљњћџабв'
        || 'гдежзиклмнопрстуфхцчшщъыьэюяґæœøłđðþß'
    )
{%- endmacro %}

{# Ranges of code points as a regular expression has them. #}
{% macro code_points(ranges) -%}
    {{ return(adapter.dispatch('code_points')(ranges)) }}
{%- endmacro %}

{% macro default__code_points(ranges) -%}
    {%- for range in ranges.split() -%}
        {{- '\\x{' ~ range.replace('-', '}-\\x{') ~ '}' -}}
    {%- endfor -%}
{%- endmacro %}

{% macro postgres__code_points(ranges) -%}
    {%- for range in ranges.split() -%}
        {{- '\\u' ~ range.replace('-', '-\\u') -}}
    {%- endfor -%}
{%- endmacro %}

{# Spaces, punctuation and symbols. #}
{% macro between_words() -%}
    0001-002f 003a-0040 005b-0060 007b-00a9 00ab-00b1 00b4-00b4 00b6-00b8
    00bb-00bb 00bf-00bf 00d7-00d7 00f7-00f7 02b0-02ff 055a-055f 0589-058a
    05be-05be 05c0-05c0 05c3-05c3 05f3-05f4 060c-060d 061b-061f 066a-066d
    06d4-06d4 0964-0965 2000-206f 20a0-20cf 2190-245f 2500-2bff 2e00-2e7f
    3000-3004 3008-3020 3030-3030 303d-303f 30a0-30a0 30fb-30fb fd3e-fd3f
    fe10-fe1f fe30-fe6f feff-feff ff01-ff0f ff1a-ff20 ff3b-ff40 ff5b-ff65
    fff0-ffff
{%- endmacro %}

{# Everything that Unicode calls a mark, in the basic plane. #}
{% macro marks() -%}
    0300-036f 0483-0489 0591-05bd 05bf-05bf 05c1-05c2 05c4-05c5 05c7-05c7
    0610-061a 064b-065f 0670-0670 06d6-06dc 06df-06e4 06e7-06e8 06ea-06ed
    0711-0711 0730-074a 07a6-07b0 07eb-07f3 07fd-07fd 0816-0819 081b-0823
    0825-0827 0829-082d 0859-085b 0898-089f 08ca-08e1 08e3-0903 093a-093c
    093e-094f 0951-0957 0962-0963 0981-0983 09bc-09bc 09be-09cd 09d7-09d7
    09e2-09e3 09fe-0a03 0a3c-0a51 0a70-0a71 0a75-0a75 0a81-0a83 0abc-0abc
    0abe-0acd 0ae2-0ae3 0afa-0b03 0b3c-0b3c 0b3e-0b57 0b62-0b63 0b82-0b82
    0bbe-0bcd 0bd7-0bd7 0c00-0c04 0c3c-0c3c 0c3e-0c56 0c62-0c63 0c81-0c83
    0cbc-0cbc 0cbe-0cd6 0ce2-0ce3 0d00-0d03 0d3b-0d3c 0d3e-0d4d 0d57-0d57
    0d62-0d63 0d81-0d83 0dca-0ddf 0df2-0df3 0e31-0e31 0e34-0e3a 0e47-0e4e
    0eb1-0eb1 0eb4-0ebc 0ec8-0ecd 0f18-0f19 0f35-0f35 0f37-0f37 0f39-0f39
    0f3e-0f3f 0f71-0f84 0f86-0f87 0f8d-0fbc 0fc6-0fc6 102b-103e 1056-1059
    105e-1060 1062-1064 1067-106d 1071-1074 1082-108d 108f-108f 109a-109d
    135d-135f 1712-1715 1732-1734 1752-1753 1772-1773 17b4-17d3 17dd-17dd
    180b-180d 180f-180f 1885-1886 18a9-18a9 1920-193b 1a17-1a1b 1a55-1a7f
    1ab0-1b04 1b34-1b44 1b6b-1b73 1b80-1b82 1ba1-1bad 1be6-1bf3 1c24-1c37
    1cd0-1cd2 1cd4-1ce8 1ced-1ced 1cf4-1cf4 1cf7-1cf9 1dc0-1dff 20d0-20f0
    2cef-2cf1 2d7f-2d7f 2de0-2dff 302a-302f 3099-309a a66f-a672 a674-a67d
    a69e-a69f a6f0-a6f1 a802-a802 a806-a806 a80b-a80b a823-a827 a82c-a82c
    a880-a881 a8b4-a8c5 a8e0-a8f1 a8ff-a8ff a926-a92d a947-a953 a980-a983
    a9b3-a9c0 a9e5-a9e5 aa29-aa36 aa43-aa43 aa4c-aa4d aa7b-aa7d aab0-aab0
    aab2-aab4 aab7-aab8 aabe-aabf aac1-aac1 aaeb-aaef aaf5-aaf6 abe3-abea
    abec-abed fb1e-fb1e fe00-fe0f fe20-fe2f
{%- endmacro %}
