package dev.copperplate.backup;

import java.util.List;

/**
 * What a restore is about to do.
 *
 * @param destination where to
 * @param steps what will be done, in order, for a person to read
 * @param destroys names of the things that exist and will be lost, never counts; empty if none
 * @param bytes how much will be written
 */
public record RestorePlan(
    String destination, List<String> steps, List<String> destroys, long bytes) {

  public RestorePlan {
    steps = List.copyOf(steps);
    destroys = List.copyOf(destroys);
  }
}
