with

residuals as (

    select person_role, period, person_id, log_revenue_residual
    from {{ ref('int_person_residuals') }}

),

final as (

    {{ variance_components(
        'residuals',
        ['person_role', 'period'],
        'person_id',
        'log_revenue_residual'
    ) | indent(4) }}

)

select * from final
