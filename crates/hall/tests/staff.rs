//! Rosters: the rules are kept, the cost is minimal where that is known, and the target holds on other days.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use hall::model::{HallDay, QUARTERS, Span, Window, sample};
use hall::queueing::{Target, least_servers};
use hall::simulate::{Hall, Simulation};
use hall::staff::{
    BreakRule, Need, Pool, Quarters, Rate, Shift, ShiftRules, Unreachable, cheapest_cover, needs, propose,
};

const TARGET: Target = Target { share: 0.9, minutes: 15.0 };

fn rules() -> ShiftRules {
    ShiftRules {
        shortest_minutes: 180,
        longest_minutes: 540,
        step_minutes: 30,
        pause: Some(BreakRule { after_minutes: 360, minutes: 60, within: Span::new(660.0, 840.0) }),
        within: Span::new(540.0, 1_080.0),
    }
}

fn rates() -> Vec<Rate> {
    vec![
        Rate { within: Span::new(720.0, 810.0), per_hour: 1.5 },
        Rate { within: Span::new(1_020.0, 1_440.0), per_hour: 1.5 },
        Rate { within: Span::new(0.0, 1_440.0), per_hour: 1.0 },
    ]
}

fn pools() -> Vec<Pool> {
    vec![
        Pool { name: "all".into(), serves: vec![0, 1, 2, 3, 4, 5], desks: 16 },
        Pool { name: "short".into(), serves: vec![0, 4], desks: 10 },
        Pool { name: "long".into(), serves: vec![1, 3, 5], desks: 10 },
    ]
}

#[test]
fn an_hour_is_paid_at_the_rate_of_its_part_of_the_day_and_a_break_is_not() {
    let shift = Shift { pool: 0, span: Span::new(660.0, 840.0), pause: None };
    assert!((shift.cost(&rates()) - (1.0 + 1.5 * 1.5 + 0.5)).abs() < 1e-12);
    let with_break = Shift { pause: Some(Span::new(720.0, 780.0)), ..shift };
    assert!((with_break.cost(&rates()) - (1.0 + 0.5 * 1.5 + 0.5)).abs() < 1e-12);
    assert_eq!(with_break.desk_minutes(), 120.0);
}

#[test]
fn every_shift_that_is_offered_keeps_the_rules_and_breaches_are_named() {
    let all = Shift::all(0, &rules());
    assert!(all.len() > 100);
    for shift in &all {
        assert_eq!(shift.breach(&rules()), None, "{shift:?}");
        assert_eq!(f64::from(shift.quarters().0.count_ones()) * 15.0, shift.desk_minutes());
    }
    let shift = |from, to, pause| Shift { pool: 0, span: Span::new(from, to), pause };
    assert_eq!(shift(540.0, 600.0, None).breach(&rules()), Some("too short"));
    assert_eq!(shift(500.0, 1_080.0, None).breach(&rules()), Some("too long"));
    assert_eq!(shift(510.0, 720.0, None).breach(&rules()), Some("outside the hall's hours"));
    assert_eq!(shift(540.0, 1_020.0, None).breach(&rules()), Some("without a break"));
    let early = Some(Span::new(600.0, 660.0));
    assert_eq!(shift(540.0, 1_020.0, early).breach(&rules()), Some("with its break at the wrong time"));
}

#[test]
fn needs_are_exact_erlang_c_for_all_lines_together() {
    let day = sample::mixed(700.0);
    let needs = needs(&day, TARGET);
    let quarter = 40;
    let walk_in: Vec<f64> = day.lines.iter().map(|line| line.arrivals[quarter]).collect();
    let booked = day.bookings.iter().filter(|b| (600.0..615.0).contains(&b.booked_at));
    let mut people: f64 = walk_in.iter().sum();
    let mut work: f64 = day.lines.iter().map(|line| line.arrivals[quarter] * line.time.mean_minutes()).sum();
    for booking in booked {
        people += 0.9;
        work += 0.9 * day.lines[booking.line].time.mean_minutes();
    }
    assert_eq!(needs[0].by_quarter[quarter], least_servers(work / 15.0, work / people, TARGET));
    assert_eq!(needs[0].by_quarter[0], 0);
}

/// Small enough to try every combination.
#[test]
fn the_search_finds_the_cheapest_cover_where_it_can_be_tried_out() {
    let rules = ShiftRules {
        shortest_minutes: 60,
        longest_minutes: 180,
        step_minutes: 60,
        pause: None,
        within: Span::new(540.0, 840.0),
    };
    let pools = vec![
        Pool { name: "both".into(), serves: vec![0, 1], desks: 2 },
        Pool { name: "first".into(), serves: vec![0], desks: 2 },
    ];
    let rates = [
        Rate { within: Span::new(720.0, 780.0), per_hour: 1.7 },
        Rate { within: Span::new(0.0, 1_440.0), per_hour: 1.0 },
    ];
    let by_hour = |counts: [u32; 5]| {
        let mut by_quarter = vec![0; QUARTERS];
        counts.iter().enumerate().for_each(|(n, count)| by_quarter[36 + 4 * n..40 + 4 * n].fill(*count));
        by_quarter
    };
    for (all, second) in [
        ([1, 2, 2, 1, 1], [0, 1, 1, 0, 1]),
        ([3, 1, 2, 3, 0], [1, 0, 1, 1, 0]),
        ([1, 3, 3, 3, 1], [1, 2, 1, 2, 1]),
    ] {
        let needs = [
            Need { lines: vec![0, 1], by_quarter: by_hour(all) },
            Need { lines: vec![1], by_quarter: by_hour(second) },
        ];
        let found = cheapest_cover(&needs, &pools, &rules, &rates, 400, 1);
        assert_eq!(found.unmet, 0);
        let cost: f64 = found.shifts.iter().map(|shift| shift.cost(&rates)).sum();
        let least = exhaustive(&needs, &pools, &rules, &rates);
        assert!((cost - least).abs() < 1e-9, "{cost} where {least} is possible");
    }
}

fn exhaustive(needs: &[Need], pools: &[Pool], rules: &ShiftRules, rates: &[Rate]) -> f64 {
    // Dynamic programming by hour: the cheapest way to reach every number of people per pool.
    let shifts: Vec<Shift> = (0..pools.len()).flat_map(|pool| Shift::all(pool, rules)).collect();
    let mut best = f64::INFINITY;
    let mut open = vec![(0_usize, [[0_u32; 5]; 2], 0.0)];
    let hours = |shift: &Shift| {
        let from = ((shift.span.from - 540.0) / 60.0) as usize;
        from..((shift.span.to - 540.0) / 60.0) as usize
    };
    while let Some((next, seated, cost)) = open.pop() {
        if cost >= best {
            continue;
        }
        let met = needs.iter().all(|need| {
            (0..5).all(|hour| {
                let count: u32 = (0..2)
                    .filter(|pool| need.is_met_by(&pools[*pool].serves))
                    .map(|pool| seated[pool][hour])
                    .sum();
                count >= need.by_quarter[36 + 4 * hour]
            })
        });
        if met {
            best = cost;
            continue;
        }
        for (place, shift) in shifts.iter().enumerate().skip(next) {
            let mut more = seated;
            hours(shift).for_each(|hour| more[shift.pool][hour] += 1);
            if hours(shift).all(|hour| more[shift.pool][hour] <= pools[shift.pool].desks) {
                open.push((place, more, cost + shift.cost(rates)));
            }
        }
    }
    best
}

#[test]
fn a_proposal_keeps_rules_and_target_and_wastes_no_shift() {
    let mut day = sample::mixed(350.0);
    day.closing.closes_at = 1_080.0;
    let proposal = propose(&day, TARGET, TARGET.share, &pools(), &rules(), &rates(), 1).unwrap();
    for shift in &proposal.shifts {
        assert_eq!(shift.breach(&rules()), None);
    }
    for (place, pool) in pools().iter().enumerate() {
        let of_pool: Vec<Quarters> =
            proposal.shifts.iter().filter(|shift| shift.pool == place).map(Shift::quarters).collect();
        for quarter in 0..QUARTERS {
            let seated = of_pool.iter().filter(|quarters| quarters.contains(quarter)).count();
            assert!(seated <= pool.desks as usize);
        }
    }
    let share = |shifts: &[Shift]| {
        let hall = Hall::new(staffed(&day, shifts)).unwrap();
        let mut simulation = Simulation::new(&hall, TARGET.minutes, 77);
        simulation.play(&hall, 1_000);
        let report = simulation.report();
        let lines = report.lines.iter().map(|line| line.within_target_share.mean).fold(1.0, f64::min);
        (report.all.within_target_share.mean, lines)
    };
    let (all, worst) = share(&proposal.shifts);
    println!(
        "{} shifts, cost {:.1} (formulas alone {:.1} for {:.3}), raises {}; kept {all:.3}, worst line {worst:.3}",
        proposal.shifts.len(),
        proposal.cost,
        proposal.by_formula_cost,
        proposal.by_formula_share,
        proposal.raises
    );
    assert!(all >= TARGET.share && worst >= TARGET.share - 0.01, "{all} {worst}");
    for place in 0..proposal.shifts.len() {
        let mut fewer = proposal.shifts.clone();
        fewer.remove(place);
        let (all, worst) = share(&fewer);
        assert!(all.min(worst) < TARGET.share + 0.01, "shift {place} is not needed: {all} {worst}");
    }
}

fn staffed(day: &HallDay, shifts: &[Shift]) -> HallDay {
    let windows = shifts.iter().map(|shift| Window {
        name: String::new(),
        serves: pools()[shift.pool].serves.clone(),
        shifts: vec![shift.span],
        breaks: shift.pause.into_iter().collect(),
        speed: 1.0,
    });
    HallDay { windows: windows.collect(), ..day.clone() }
}

#[test]
fn too_few_desks_are_said_to_be_too_few() {
    let few = vec![Pool { desks: 3, ..pools()[0].clone() }];
    let refused = propose(&sample::mixed(900.0), TARGET, 0.5, &few, &rules(), &rates(), 1);
    assert!(matches!(refused, Err(Unreachable::Desks { .. })));
}
