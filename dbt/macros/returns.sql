{# What several marts say about a set of films' returns, as aggregates over the
   analysis set numbered by `value_position('roi', …)` in the step before. #}
{% macro returns_counted(position='roi_position', n='n_roi') -%}
    count(*) as n_analysis,
    {{ median_with_interval('roi', position, n) }},
    {{ break_even_counts() }}
{%- endmacro %}

{% macro break_even_counts() -%}
    {{ count_where("break_even_state = 'likely profit'") }} as n_likely_profit,
    {{ count_where("break_even_state = 'uncertain'") }} as n_uncertain,
    {{ count_where("break_even_state = 'likely loss'") }} as n_likely_loss
{%- endmacro %}

{# The shares of these counts with their intervals, in the step after. Films
   without a real budget have no band and are not in their denominator. #}
{% macro break_even_shares() -%}
    {%- set n = '(n_likely_profit + n_uncertain + n_likely_loss)' -%}
    {{ share_with_interval('likely_profit_share', 'n_likely_profit', n) }},
    {{ share_with_interval('uncertain_share', 'n_uncertain', n) }},
    {{ share_with_interval('likely_loss_share', 'n_likely_loss', n) }}
{%- endmacro %}

{# The films of a group for which something holds. #}
{% macro count_where(condition) -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint)
{%- endmacro %}
