with

summed as (

    select * from {{ ref('int_companies_summed') }}

),

credits as (

    select company_level, company_key, residual
    from {{ ref('int_movies_companies_credited') }}

),

components as (

    {{ variance_components(
        'credits', ['company_level'], 'company_key', 'residual'
    ) | indent(4) }}

),

shrunk as (

    select
        summed.*,
        {{ shrunk_effect(
            'summed.mean_residual',
            'summed.n_residuals',
            'components.variance_within',
            'components.variance_between'
        ) | indent(8) }} as shrunk_residual,
        {{ shrunk_effect_deviation(
            'summed.n_residuals',
            'components.variance_within',
            'components.variance_between'
        ) | indent(8) }} as shrunk_deviation

    from summed
    left join components
        on summed.company_level = components.company_level

),

final as (

    select
        *,
        {{ effect_as_share('shrunk_residual', 'shrunk_deviation') }}
            as revenue_effect,
        {{ effect_as_share('shrunk_residual', 'shrunk_deviation', -1) }}
            as revenue_effect_low,
        {{ effect_as_share('shrunk_residual', 'shrunk_deviation', 1) }}
            as revenue_effect_high

    from shrunk

)

select * from final
