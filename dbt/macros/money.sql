{# TMDB writes 0 where an amount or a length is unknown. Unknown is null. #}
{% macro null_if_unknown(column) -%}
    case when {{ column }} > 0 then {{ column }} end
{%- endmacro %}

{# Text that is only spaces says nothing. Which characters are spaces is said,
   because engines differ in what they trim. #}
{% macro null_if_blank(column) -%}
    case when trim({{ column }}, ' ') <> '' then {{ column }} end
{%- endmacro %}

{# Why a budget is not to be believed, or null. The first reason that holds. #}
{% macro budget_suspect_reason(budget, revenue, change, factor_to_base) -%}
    case
        when {{ budget }} < {{ var('min_believable_usd') }}
            then 'below_minimum'
        when {{ budget }} > {{ var('max_believable_budget_usd') }}
            then 'above_maximum'
        when
            {{ budget }} * {{ factor_to_base }}
            > {{ var('max_believable_real_budget_usd') }}
            then 'above_real_maximum'
        when {{ budget }} = {{ revenue }}
            then 'equals_revenue'
        when
            {{ revenue }} >= {{ var('min_believable_usd') }}
            and {{ revenue }} > {{ budget }} * {{ var('max_believable_multiple') }}
            then 'too_small_for_revenue'
        when {{ change }} > {{ var('max_believable_change') }}
            then 'changed_tenfold'
    end
{%- endmacro %}

{# Why a revenue is not to be believed, or null. The first reason that holds. #}
{% macro revenue_suspect_reason(
    revenue, budget, change, status, release_date, as_of_date, vote_count
) -%}
    case
        when {{ revenue }} < {{ var('min_believable_usd') }}
            then 'below_minimum'
        when {{ revenue }} > {{ var('max_believable_revenue_usd') }}
            then 'above_maximum'
        when {{ revenue }} is not null and coalesce({{ status }}, '') <> 'Released'
            then 'not_released'
        when {{ revenue }} is not null and {{ release_date }} > {{ as_of_date }}
            then 'future_release'
        when
            {{ revenue }} >= {{ var('min_watched_revenue_usd') }}
            and {{ revenue }}
            > {{ var('max_believable_usd_per_vote') }} * {{ vote_count }}
            then 'too_few_votes'
        when {{ revenue }} = {{ budget }}
            then 'equals_budget'
        when
            {{ budget }} >= {{ var('min_believable_usd') }}
            and {{ revenue }} * {{ var('max_believable_multiple') }} < {{ budget }}
            then 'too_small_for_budget'
        when {{ change }} > {{ var('max_believable_change') }}
            then 'changed_tenfold'
    end
{%- endmacro %}

{# 'unknown' (no amount), 'suspect' (an amount with a reason against it) or
   'known'. #}
{% macro amount_state(amount, reason) -%}
    case
        when {{ amount }} is null then 'unknown'
        when {{ reason }} is not null then 'suspect'
        else 'known'
    end
{%- endmacro %}

{# An amount only where its state is 'known': what sums and ratios may use. #}
{% macro known_amount(amount, state) -%}
    case when {{ state }} = 'known' then {{ amount }} end
{%- endmacro %}

{# Dollars of one year in dollars of another, to the dollar. Engines differ in
   where `round` takes a half; `floor` leaves no choice. #}
{% macro inflated(amount, factor) -%}
    cast(floor(cast({{ amount }} as double precision) * {{ factor }} + 0.5) as bigint)
{%- endmacro %}

{# Revenue per dollar of budget. #}
{% macro multiple(budget, revenue) -%}
    cast({{ revenue }} as double precision) / {{ budget }}
{%- endmacro %}

{# Gain per dollar of budget: 0 is the money back, -1 is all of it lost. #}
{% macro return_on_budget(budget, revenue) -%}
    cast({{ revenue }} - {{ budget }} as double precision) / {{ budget }}
{%- endmacro %}

{# Against a band, never a line: the costs that TMDB does not know (marketing,
   the cinemas' share) differ from film to film. #}
{% macro break_even_state(multiple, low, high) -%}
    case
        when {{ multiple }} >= {{ high }} then 'likely profit'
        when {{ multiple }} < {{ low }} then 'likely loss'
        when {{ multiple }} is not null and {{ low }} is not null
            then 'uncertain'
    end
{%- endmacro %}

{# From a bound up to, not including, the next; a null bound is open. #}
{% macro is_in_range(amount, minimum, maximum) -%}
    {{ amount }} >= {{ minimum }}
            and ({{ amount }} < {{ maximum }} or {{ maximum }} is null)
{%- endmacro %}

{# How far the gross is over the middle of the band, in dollars of the base
   year; negative is short of it. #}
{% macro break_even_gap(budget, revenue, multiple) -%}
    {{ revenue }} - cast(
            floor(cast({{ budget }} as double precision) * {{ multiple }} + 0.5)
            as bigint
        )
{%- endmacro %}

{# The other model of a result: the studio's share of the gross, less the
   budget and the marketing that goes with it. #}
{% macro modelled_net(budget, revenue) -%}
    cast(
            floor(
                cast({{ revenue }} as double precision) * {{ var('studio_share') }}
                - cast({{ budget }} as double precision)
                * (1 + {{ var('marketing_ratio') }})
                + 0.5
            ) as bigint
        )
{%- endmacro %}
