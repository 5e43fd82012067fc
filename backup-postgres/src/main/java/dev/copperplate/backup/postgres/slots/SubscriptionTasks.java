package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;

/** Makes subscriptions again, which connect nowhere before somebody enables them. */
final class SubscriptionTasks {

  private final Target target;
  private final RestoreContext context;

  SubscriptionTasks(Target target, RestoreContext context) {
    this.target = target;
    this.context = context;
  }

  RestoreTask of(Subscription subscription) {
    String words = "subscription " + SqlText.name(subscription.name());
    return target.subscription(subscription).isPresent()
        ? new RestoreTask(
            subscription.database(), "leave " + words + ", which is there", session -> {})
        : new RestoreTask(
            subscription.database(),
            "create " + words + ", disabled",
            session -> create(session, subscription));
  }

  private void create(Session session, Subscription subscription) {
    try {
      session.executeOne(Statements.create(subscription));
      context.report(
          Finding.info(
              subscription.name(),
              "The subscription is disabled"
                  + (Statements.isIncomplete(subscription)
                      ? ", and its connection string lacks what is secret"
                      : "")));
      session.executeOne(Statements.own(subscription));
    } catch (SQLException e) {
      context.report(
          Finding.error(
              subscription.name(),
              "The subscription could not be made as it was in database "
                  + subscription.database()
                  + " ("
                  + e.getSQLState()
                  + ")",
              "As a superuser: the statements of its database's script in the snapshot"));
    }
  }
}
