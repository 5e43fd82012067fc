package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes class-data archives of the samples: each does a small piece of work once and leaves what it
 * loaded in a file, which later JVMs map instead of loading classes from the jar.
 *
 * @param bench that has an empty repository
 * @param jvm without archives
 */
record ClassDataArchives(Bench bench, SampleJvm jvm) {

  private static final DataSet WORK = new SmallFiles("training", 200, 8);

  /** The samples started with archives, which are made if they are not there. */
  SampleJvm get() throws IOException, InterruptedException {
    // A JVM ignores an archive of a jar that was written again, even if with the same bytes.
    String parameters =
        String.join(
            ", ",
            jvm.identity(),
            jvm.jar().toString(),
            Files.getLastModifiedTime(jvm.jar()).toString(),
            jvm.version(),
            String.join(" ", jvm.options()));
    return jvm.with(SampleJvm.Archive.used(bench.shelf().get("archives", parameters, this::make)));
  }

  private void make(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Samples trained =
        new Samples(jvm.with(SampleJvm.Archive.made(directory)), bench.passwordFile());
    Path tree = bench.data(WORK);
    Repository repository = bench.fresh(bench.empty());
    bench.run(trained.backup(repository, tree));
    bench.run(trained.restore(repository, bench.restored()));
    bench.run(trained.check(repository));
    bench.run(trained.snapshots(repository));
    bench.run(trained.prune(repository));
  }
}
