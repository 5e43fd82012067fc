package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Brings logical snapshots back as their guide says, with restic, psql and pg_restore.
 *
 * @param folder with the directory {@code repository}
 */
record LogicalRestore(Path folder, Snapshot snapshot) {

  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** Runs all commands but the first, which say where things are. */
  void into(EmbeddedPostgres server, PgTools tools) throws Exception {
    Path repository = folder.resolve("repository");
    Restic restic = Restic.stock().at(repository, TestRepositories.PASSWORD);
    String guide = restic.succeed("dump", snapshot.id().toString(), "/.backup/RESTORE.md");
    List<String> commands = COMMANDS.matcher(guide).results().map(each -> each.group(1)).toList();
    Path bin = Files.createDirectories(folder.resolve("bin-" + snapshot.id()));
    link(bin, restic.program(), "restic");
    link(bin, tools.path("psql"), "psql");
    link(bin, tools.path("pg_restore"), "pg_restore");
    List<String> script = new ArrayList<>();
    script.add("set -eu -o pipefail");
    script.add("export PATH='" + bin + "':$PATH");
    script.add("export RESTIC_REPOSITORY='" + repository + "'");
    script.add("export RESTIC_PASSWORD_FILE='" + folder.resolve("repository.password") + "'");
    script.add("export RESTIC_CACHE_DIR='" + folder.resolve("cache") + "'");
    script.add("work='" + folder.resolve("work-" + snapshot.id()) + "'");
    script.addAll(commands.subList(1, commands.size()));
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.remove("PGDATABASE");
    Program.run(List.of("bash", "-c", String.join("\n", script)), environment).orThrow();
  }

  private static void link(Path bin, Path program, String name) throws Exception {
    Path script = bin.resolve(name);
    Files.writeString(script, "#!/bin/sh\nexec '" + program + "' \"$@\"\n");
    if (!script.toFile().setExecutable(true)) {
      throw new IllegalStateException("Cannot make " + script);
    }
  }
}
