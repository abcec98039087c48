/// Departments and their jobs: a selection of the API's long list, common ones first.
pub(in crate::simulator) const JOBS: &[(&str, &[&str])] = &[
    (
        "Directing",
        &[
            "Director",
            "Co-Director",
            "First Assistant Director",
            "Script Supervisor",
            "Layout",
        ],
    ),
    (
        "Writing",
        &[
            "Screenplay",
            "Writer",
            "Story",
            "Novel",
            "Characters",
            "Dialogue",
            "Author",
            "Adaptation",
        ],
    ),
    (
        "Production",
        &[
            "Producer",
            "Executive Producer",
            "Casting",
            "Co-Producer",
            "Associate Producer",
            "Line Producer",
            "Production Manager",
            "Production Coordinator",
        ],
    ),
    (
        "Camera",
        &[
            "Director of Photography",
            "Camera Operator",
            "Still Photographer",
            "Steadicam Operator",
            "Grip",
        ],
    ),
    (
        "Editing",
        &[
            "Editor",
            "Assistant Editor",
            "Colorist",
            "Digital Intermediate",
        ],
    ),
    (
        "Sound",
        &[
            "Original Music Composer",
            "Sound Designer",
            "Foley Artist",
            "Sound Re-Recording Mixer",
            "Music Supervisor",
            "Boom Operator",
        ],
    ),
    (
        "Art",
        &[
            "Production Design",
            "Art Direction",
            "Set Decoration",
            "Property Master",
            "Title Designer",
        ],
    ),
    (
        "Costume & Make-Up",
        &[
            "Costume Design",
            "Makeup Artist",
            "Hairstylist",
            "Costume Supervisor",
            "Makeup Department Head",
        ],
    ),
    (
        "Visual Effects",
        &[
            "Visual Effects Supervisor",
            "Visual Effects Producer",
            "Animation",
            "Modeling",
            "VFX Artist",
        ],
    ),
    (
        "Lighting",
        &[
            "Gaffer",
            "Best Boy Electric",
            "Lighting Technician",
            "Rigging Gaffer",
        ],
    ),
    (
        "Crew",
        &[
            "Stunts",
            "Stunt Coordinator",
            "Special Effects",
            "Post Production Supervisor",
            "Thanks",
        ],
    ),
    (
        "Actors",
        &["Actor", "Stunt Double", "Voice", "Cameo", "Special Guest"],
    ),
];
