with

summed as (

    select *
    from {{ ref('int_person_residuals_summed') }}

),

components as (

    select person_role, period, variance_within, variance_between
    from {{ ref('int_person_variance_components') }}

),

people as (

    select person_id, person_name, gender
    from {{ ref('dim_people') }}

),

shrunk as (

    select
        summed.*,
        {{ shrunk_effect(
            'summed.mean_residual',
            'summed.n_films',
            'components.variance_within',
            'components.variance_between'
        ) | indent(8) }} as shrunk_residual,
        {{ shrunk_effect_deviation(
            'summed.n_films',
            'components.variance_within',
            'components.variance_between'
        ) | indent(8) }} as shrunk_deviation

    from summed
    left join components
        on
            summed.person_role = components.person_role
            and summed.period = components.period

),

final as (

    select
        -- who, in what, when
        shrunk.person_id,
        people.person_name,
        people.gender,
        shrunk.person_role,
        shrunk.period,
        shrunk.first_year,
        shrunk.last_year,

        -- the effect
        shrunk.n_films,
        {{ sample_size_guard('shrunk.n_films') | indent(8) }}
            as sample_size_guard,
        shrunk.mean_residual,
        shrunk.shrunk_residual,
        {{ effect_as_share('shrunk.shrunk_residual', 'shrunk.shrunk_deviation') }}
            as revenue_effect,
        {{ effect_as_share(
            'shrunk.shrunk_residual', 'shrunk.shrunk_deviation', -1
        ) }} as revenue_effect_low,
        {{ effect_as_share(
            'shrunk.shrunk_residual', 'shrunk.shrunk_deviation', 1
        ) }} as revenue_effect_high,

        -- how steady
        shrunk.residual_q1,
        shrunk.median_residual,
        shrunk.residual_q3,
        shrunk.residual_q3 - shrunk.residual_q1 as residual_iqr,
        shrunk.residual_change,
        shrunk.n_past_break_even,
        {{ share_with_interval(
            'past_break_even_share', 'shrunk.n_past_break_even', 'shrunk.n_films'
        ) | indent(4) }},

        -- how liked
        shrunk.n_rated_films,
        shrunk.mean_rating_score

    from shrunk
    inner join people
        on shrunk.person_id = people.person_id

)

select * from final
