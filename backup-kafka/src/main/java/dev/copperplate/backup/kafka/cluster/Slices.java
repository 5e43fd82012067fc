package dev.copperplate.backup.kafka.cluster;

import java.util.ArrayList;
import java.util.List;

/** A long list in pieces, one for each request. */
final class Slices {

  private Slices() {}

  static <T> List<List<T>> of(List<T> all, int most) {
    List<List<T>> slices = new ArrayList<>();
    for (int i = 0; i < all.size(); i += most) {
      slices.add(all.subList(i, Math.min(i + most, all.size())));
    }
    return slices;
  }
}
