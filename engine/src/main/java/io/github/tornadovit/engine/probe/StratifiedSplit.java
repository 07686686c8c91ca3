package io.github.tornadovit.engine.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Some items for training and some for validation, the same share of every class.
 *
 * @param training places in the list, ascending
 * @param validation places in the list, ascending
 */
record StratifiedSplit(List<Integer> training, List<Integer> validation) {

  /**
   * Splits by a generator that is the same on every machine ({@link Random}, whose algorithm is
   * specified).
   *
   * @param labels class id of each item
   * @param classes how many there are
   * @param share of each class for validation, rounded; a class of two items and more keeps at
   *     least one on each side, a class of one is for training
   */
  static StratifiedSplit of(int[] labels, int classes, double share, long seed) {
    Random random = new Random(seed);
    List<Integer> training = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    for (int id = 0; id < classes; id++) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == id) {
          places.add(i);
        }
      }
      Collections.shuffle(places, random);
      int count = Math.clamp(Math.round(places.size() * share), 1, Math.max(places.size() - 1, 1));
      int held = places.size() < 2 ? 0 : count;
      validation.addAll(places.subList(0, held));
      training.addAll(places.subList(held, places.size()));
    }
    Collections.sort(training);
    Collections.sort(validation);
    return new StratifiedSplit(List.copyOf(training), List.copyOf(validation));
  }
}
