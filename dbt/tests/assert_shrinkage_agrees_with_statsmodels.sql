-- Reference values of `reference/shrinkage.py`: unequal n with one entity under
-- the least number of films, equal n, and entities that do not differ.
with

films as (

    select *
    from (
        values
        ('unequal', 1, 0.9e0), ('unequal', 1, 0.5e0), ('unequal', 1, 0.7e0),
        ('unequal', 1, 1.1e0), ('unequal', 2, -0.6e0), ('unequal', 2, -0.2e0),
        ('unequal', 2, 0.1e0), ('unequal', 3, 0.3e0), ('unequal', 3, -0.4e0),
        ('unequal', 3, 0.2e0), ('unequal', 3, 0.6e0), ('unequal', 3, -0.1e0),
        ('unequal', 4, -1.0e0), ('unequal', 4, -0.3e0), ('unequal', 4, -0.5e0),
        ('unequal', 5, 2.0e0), ('unequal', 5, 1.0e0),
        ('equal', 1, 0.9e0), ('equal', 1, 0.5e0), ('equal', 1, 0.7e0),
        ('equal', 2, -0.6e0), ('equal', 2, -0.2e0), ('equal', 2, 0.1e0),
        ('equal', 3, 0.3e0), ('equal', 3, -0.4e0), ('equal', 3, 0.2e0),
        ('alike', 1, 0.9e0), ('alike', 1, -0.8e0), ('alike', 1, 0.1e0),
        ('alike', 2, -0.6e0), ('alike', 2, 0.7e0), ('alike', 2, 0.1e0),
        ('alike', 3, 0.3e0), ('alike', 3, -0.4e0), ('alike', 3, 0.2e0)
    ) as listed (example, entity_id, residual)

),

components as (

    {{ variance_components(
        'films', ['example'], 'entity_id', 'residual'
    ) | indent(4) }}

),

summed as (

    select
        example,
        entity_id,
        count(*) as n_films,
        {{ exact_mean('residual') }} as mean_residual
    from films
    group by example, entity_id

),

shrunk as (

    select
        summed.example,
        summed.entity_id,
        components.variance_within,
        components.variance_between,
        {{ shrunk_effect(
            'mean_residual', 'n_films', 'variance_within', 'variance_between'
        ) }} as effect,
        {{ shrunk_effect_deviation(
            'n_films', 'variance_within', 'variance_between'
        ) | indent(8) }} as deviation
    from summed
    inner join components
        on summed.example = components.example

),

reference as (

    select *
    from (
        values
        ('unequal', 1, 0.117696969697e0, 0.308094194962e0,
            0.730257457573e0, 1.075614921669e0, 0.682409953586e0, 1.560717911750e0),
        ('unequal', 2, 0.117696969697e0, 0.308094194962e0,
            -0.206977128798e0, -0.186961755063e0, -0.359848443489e0, 0.032616699917e0),
        ('unequal', 3, 0.117696969697e0, 0.308094194962e0,
            0.111482384875e0, 0.117934051284e0, -0.075066804950e0, 0.351207362553e0),
        ('unequal', 4, 0.117696969697e0, 0.308094194962e0,
            -0.532226902622e0, -0.412704337881e0, -0.537588502658e0, -0.254092519916e0),
        ('unequal', 5, 0.117696969697e0, 0.308094194962e0,
            1.259437285087e0, 2.523438238173e0, 1.650020856885e0, 3.684724267722e0),
        ('equal', 1, 0.102222222222e0, 0.197037037037e0,
            0.596794871795e0, 0.816288025213e0, 0.459895995749e0, 1.259683018610e0),
        ('equal', 2, 0.102222222222e0, 0.197037037037e0,
            -0.198931623932e0, -0.180394067152e0, -0.341217140207e0, 0.019689378942e0),
        ('equal', 3, 0.102222222222e0, 0.197037037037e0,
            0.028418803419e0, 0.028826470251e0, -0.173049855865e0, 0.279985151942e0),
        ('alike', 1, 0.43e0, 0e0,
            0e0, 0e0, null, null),
        ('alike', 2, 0.43e0, 0e0,
            0e0, 0e0, null, null),
        ('alike', 3, 0.43e0, 0e0,
            0e0, 0e0, null, null)
    ) as listed (
        example, entity_id, within_reference, between_reference,
        effect_reference, share_reference, low_reference, high_reference
    )

),

compared as (

    select
        reference.*,
        shrunk.variance_within,
        shrunk.variance_between,
        shrunk.effect,
        {{ effect_as_share('shrunk.effect', 'shrunk.deviation') }} as share,
        {{ effect_as_share('shrunk.effect', 'shrunk.deviation', -1) }} as low,
        {{ effect_as_share('shrunk.effect', 'shrunk.deviation', 1) }} as high
    from reference
    left join shrunk
        on
            reference.example = shrunk.example
            and reference.entity_id = shrunk.entity_id

)

select *
from compared
where
    coalesce(abs(variance_within - within_reference), 1) > 0.000000001
    or coalesce(abs(variance_between - between_reference), 1) > 0.000000001
    or coalesce(abs(effect - effect_reference), 1) > 0.000000001
    or coalesce(abs(share - share_reference), 1) > 0.000000001
    or (low is null) <> (low_reference is null)
    or (high is null) <> (high_reference is null)
    or abs(low - low_reference) > 0.000000001
    or abs(high - high_reference) > 0.000000001
