package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;

/** Files to back up, the same each time they are made. */
interface DataSet {

  /** A word that is a name of a directory, too. */
  String name();

  /** What it is, in a few words with sizes. */
  String title();

  /** All that decides what is made. Data made with other parameters are made again. */
  String parameters();

  /**
   * Makes the files.
   *
   * @param directory does not exist; made by this method
   */
  void make(Path directory) throws IOException, InterruptedException;
}
