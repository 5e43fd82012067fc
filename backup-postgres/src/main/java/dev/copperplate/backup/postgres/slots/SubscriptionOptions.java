package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.ArrayList;
import java.util.List;

/** How a subscription differs from one about which nothing was said. */
final class SubscriptionOptions {

  private SubscriptionOptions() {}

  /** As SQL says them, without where it connects to and what it subscribes to. */
  static List<String> of(Row row) {
    List<String> options = new ArrayList<>();
    option(options, row.flag("subbinary"), "binary = true");
    String streaming = row.text("substream"); // a flag below 16
    option(options, streaming.equals("t"), "streaming = on");
    option(options, streaming.equals("p"), "streaming = parallel");
    option(options, row.has("subpasswordrequired") && streaming.equals("f"), "streaming = off");
    boolean twoPhase = row.has("subtwophasestate") && !row.text("subtwophasestate").equals("d");
    option(options, twoPhase, "two_phase = true");
    option(options, row.flag("subdisableonerr"), "disable_on_error = true");
    boolean free = row.has("subpasswordrequired") && !row.flag("subpasswordrequired");
    option(options, free, "password_required = false");
    option(options, row.flag("subrunasowner"), "run_as_owner = true");
    boolean origin = row.has("suborigin") && !row.text("suborigin").equals("any");
    option(options, origin, "origin = " + SqlText.literal(row.text("suborigin")));
    option(options, row.flag("subfailover"), "failover = true");
    String commit = row.text("subsynccommit");
    boolean waits = !commit.isEmpty() && !commit.equals("off");
    option(options, waits, "synchronous_commit = " + SqlText.literal(commit));
    return options;
  }

  private static void option(List<String> options, boolean set, String sql) {
    if (set) {
      options.add(sql);
    }
  }
}
