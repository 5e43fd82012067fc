package dev.copperplate.benchmarks.sidebyside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a sample is started.
 *
 * @param java the program
 * @param version what it says of itself
 * @param options of the JVM
 * @param jar samples-all.jar
 * @param jarHash SHA-256 of the jar
 * @param archive what is done with class-data archives, if anything
 */
record SampleJvm(
    Path java,
    String version,
    List<String> options,
    Path jar,
    String jarHash,
    Optional<Archive> archive) {

  private static final String PACKAGE = "dev.copperplate.samples.";

  /**
   * Class-data archives, one for each sample.
   *
   * @param option of the JVM that makes or uses one
   * @param directory that holds them
   */
  record Archive(String option, Path directory) {

    static Archive made(Path directory) {
      return new Archive("-XX:ArchiveClassesAtExit=", directory);
    }

    static Archive used(Path directory) {
      return new Archive("-XX:SharedArchiveFile=", directory);
    }
  }

  SampleJvm {
    options = List.copyOf(options);
  }

  SampleJvm with(Archive wanted) {
    return new SampleJvm(java, version, options, jar, jarHash, Optional.of(wanted));
  }

  String identity() {
    return "samples-all.jar of SHA-256 " + jarHash;
  }

  /** The command that starts a sample, without the sample's own arguments. */
  List<String> start(String sample) {
    List<String> words = new ArrayList<>();
    words.add(java.toString());
    words.addAll(options);
    archive.ifPresent(each -> words.add(each.option() + each.directory().resolve(sample + ".jsa")));
    words.add("-cp");
    words.add(jar.toString());
    words.add(PACKAGE + sample);
    return words;
  }
}
