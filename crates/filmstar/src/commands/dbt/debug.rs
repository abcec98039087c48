use super::{RunArguments, open, options, project_folder};
use crate::{exit::Exit, printer::Printer};

/// `dbt debug`: tells what the profile says and whether the connection works.
pub(super) fn run(arguments: &RunArguments, printer: Printer) -> anyhow::Result<Exit> {
    let folder = project_folder(arguments)?;
    printer.line(format!("filmstar {}", env!("CARGO_PKG_VERSION")));
    printer.line(format!("project    {}", folder.display()));
    let target = options(arguments, &folder)?.target;
    printer.line(format!("profile    {}", target.profile));
    printer.line(format!("target     {} ({})", target.name, target.adapter));
    match &target.path {
        Some(path) => printer.line(format!("path       {}", path.display())),
        None => printer.line(format!("database   {}", target.database)),
    }
    printer.line(format!("schema     {}", target.schema));
    printer.line(format!("threads    {}", target.threads));
    let database = open(&target, printer)?;
    let answered = database.connect().and_then(|mut connection| {
        connection.query("select 1", &[])?;
        Ok(())
    });
    match answered {
        Ok(()) => {
            printer.line("connection ok");
            Ok(Exit::Ok)
        }
        Err(error) => {
            printer.line("connection failed");
            printer.warn(error.to_string());
            Ok(Exit::Failed)
        }
    }
}
