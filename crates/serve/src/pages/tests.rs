use super::*;

const PAGE: &str = "title: T\norder: 1\nsummary: S\nview: runs\n";

fn write(folder: &Path, page: &str, text: &str) {
    fs_err::create_dir_all(folder.join(page)).unwrap();
    fs_err::write(folder.join(page).join("page.yml"), text).unwrap();
}

/// What the next look finds.
fn looked(pages: &Pages) -> (Vec<String>, Vec<String>, u64) {
    std::thread::sleep(LOOK_AGAIN);
    let book = pages.look();
    let titles = book.pages.iter().map(|page| page.title.clone()).collect();
    let problems = book.problems.iter().map(ToString::to_string).collect();
    (titles, problems, book.edition)
}

#[test]
fn pages_are_read_again_when_a_file_changes_and_kept_while_one_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "one", PAGE);
    let pages = Pages::open(Some(folder.path().to_owned())).unwrap();
    let none: Vec<String> = Vec::new();
    assert_eq!(looked(&pages), (vec!["T".into()], none.clone(), 0));

    write(
        folder.path(),
        "one",
        &PAGE.replace("title: T", "title: Other"),
    );
    assert_eq!(looked(&pages), (vec!["Other".into()], none.clone(), 1));
    assert_eq!(looked(&pages).2, 1, "nothing has changed since");

    write(folder.path(), "one", &PAGE.replace("order", "ordre"));
    let problem = "one/page.yml:2: unknown key `ordre` (hint: did you mean `order`?)";
    assert_eq!(
        looked(&pages),
        (vec!["Other".into()], vec![problem.into()], 2)
    );

    write(folder.path(), "one", PAGE);
    write(
        folder.path(),
        "two",
        &PAGE.replace("title: T", "title: New"),
    );
    assert_eq!(
        looked(&pages),
        (vec!["T".into(), "New".into()], none.clone(), 3)
    );

    fs_err::remove_dir_all(folder.path().join("one")).unwrap();
    assert_eq!(looked(&pages), (vec!["New".into()], none, 4));
}

#[test]
fn the_binarys_own_pages_stand_in_until_there_is_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("dashboards");
    let pages = Pages::open(Some(folder.clone())).unwrap();
    assert_eq!(looked(&pages).0.len(), embedded_pages().unwrap().len());
    write(&folder, "mine", PAGE);
    assert_eq!(looked(&pages).0, ["T"]);
}
