package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;

/** A program that did not do its work: what was run, how it ended, and the end of its output. */
final class CommandFailure extends IOException {

  private static final long serialVersionUID = 1;

  CommandFailure(String message) {
    super(message);
  }
}
