use crate::{
    cli::Global,
    config::settings,
    exit::Exit,
    printer::Printer,
    project::{Project, shown},
};

/// Lists every key with its value, and with `--origin` where it comes from.
pub(crate) fn show(with_origin: bool, global: &Global, printer: Printer) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let settings = settings(&project.loaded.figment, project.config());
    if printer.is_json() {
        printer.summary(&crate::printer::Summary {
            json: serde_json::json!({ "folder": project.loaded.folder, "settings": settings }),
            ..Default::default()
        });
        return Ok(Exit::Ok);
    }
    printer.line(format!(
        "# project folder: {}",
        shown(&project.loaded.folder)
    ));
    let lines: Vec<String> = settings
        .iter()
        .map(|setting| format!("{} = {}", setting.key, setting.value))
        .collect();
    let width = lines
        .iter()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    for (line, setting) in lines.iter().zip(&settings) {
        if with_origin {
            printer.line(format!("{line:width$}  # {}", setting.origin));
        } else {
            printer.line(line);
        }
    }
    if with_origin {
        let credential = crate::ingest::credential_from_environment();
        let origin = credential.map_or("not set", |(variable, _)| variable);
        printer.line(format!("# credential: {origin}"));
    }
    Ok(Exit::Ok)
}
