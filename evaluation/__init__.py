"""How well the signals do on public labelled data: `make eval`, or `python -m evaluation NAME`.

    running   side by side, each in its process; what fails costs the others nothing
    summary   the page: opening table quoted from the sections, topics
    data      finds the data sets and reads their rows
    figures   rates with bootstrap intervals, and tables
    hosts     hosts that look like known sites, on the set `lookalike_domains`
    private   private data, on the set `pii_presidio`
    names     names that resemble, on invented people (`invented_names` makes them)
    repeats   texts that are nearly the same, on planted edits
    language  the language of a text
    claims    published fact-checks
    certificates  whether certificates and audits keep their promise, through the gate
    community the day-one pack in simulated communities (`community_runs`: one of them)
    spam      spam, learned and not; spam_sets, spam_models, spam_rules, spam_curve are its parts
    hatecheck, harassment, harassment_domains, swapped, dogpiles
              the hint `insult`; `starting_points` makes its models

What is measured is what ships: thresholds stand in the code here, and are committed before the run
that is published. Bad figures stay. Nothing in here may print or write a text, a name or an address
of the data: counts and rates only.
"""
