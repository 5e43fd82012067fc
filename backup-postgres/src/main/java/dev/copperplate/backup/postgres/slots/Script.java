package dev.copperplate.backup.postgres.slots;

import java.util.List;

/** What psql runs. */
final class Script {

  /** Like the settings of pg_dump, so that every name and text means what it says. */
  private static final String SETTINGS =
      """
      SET search_path = '';
      SET standard_conforming_strings = on;
      SET client_encoding = 'UTF8';
      """;

  private static final String INCOMPLETE =
      """
      -- Where it connects to is not here as a whole: put in what is missing, here or afterwards with
      -- ALTER SUBSCRIPTION … CONNECTION '…'
      """;

  private final StringBuilder text = new StringBuilder(SETTINGS);

  private Script() {}

  /** Those slots that belong to no database. */
  static String ofPhysical(List<Slot> slots) {
    Script script = new Script();
    slots.stream().filter(each -> !each.logical()).map(Statements::create).forEach(script::add);
    return script.text.toString();
  }

  /** What belongs to a database; publications first, because slots that know them come later. */
  static String of(
      String database,
      List<Slot> slots,
      List<Publication> publications,
      List<Subscription> subscriptions) {
    Script script = new Script();
    publications.stream()
        .filter(each -> each.database().equals(database))
        .forEach(script::publication);
    slots.stream()
        .filter(each -> each.logical() && each.database().equals(database))
        .map(Statements::create)
        .forEach(script::add);
    subscriptions.stream()
        .filter(each -> each.database().equals(database))
        .forEach(script::subscription);
    return script.text.toString();
  }

  private void publication(Publication publication) {
    add(Statements.create(publication));
    add(Statements.own(publication));
    if (!publication.comment().isEmpty()) {
      add(Statements.comment(publication));
    }
  }

  private void subscription(Subscription subscription) {
    if (Statements.isIncomplete(subscription)) {
      text.append(INCOMPLETE);
    }
    add(Statements.create(subscription));
    add(Statements.own(subscription));
  }

  private void add(String statement) {
    text.append(statement).append(";\n");
  }
}
