package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.scratch.NewCluster;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.IOException;
import java.nio.file.Path;

/** A cluster for a while, in the scratch directory of a run, with nothing in it. */
final class EmptyCluster {

  /** Room for a statement that concerns all partitions of a table of tens of thousands. */
  private static final ControlFile LIMITS = new ControlFile(40, 0, 2048);

  private final DrillChoices choices;
  private final PostgresBinaries programs;
  private final RestoreContext context;

  EmptyCluster(DrillChoices choices, PostgresBinaries programs, RestoreContext context) {
    this.choices = choices;
    this.programs = programs;
    this.context = context;
  }

  /** Makes it, uses it and removes it. */
  <T> T use(ScratchCluster.Use<T> use) throws IOException, InterruptedException {
    ServerUser user = choices.serverUser();
    Path scratch = context.scratch();
    DrillFolder.removeAbandoned(scratch.toAbsolutePath().resolve("..").normalize());
    try (DrillFolder folder = DrillFolder.make(scratch, user)) {
      NewCluster.make(programs, folder.data(), user, choices.role());
      DrillFiles files = new DrillFiles(folder);
      files.write(new DrillConfiguration(programs.major(), LIMITS, choices.libraries()).text());
      user.own(folder.path());
      ServerLaunch launch =
          ServerLaunch.of(programs, folder.data(), user)
              .set(files.settings())
              .within(choices.limit());
      try (ScratchServer server = launch.start()) {
        return use.of(
            new DrillConnections(
                server, programs.major(), choices.role(), choices.limit(), context));
      }
    }
  }
}
