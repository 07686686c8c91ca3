package io.github.tornadovit.engine.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets contestants take turns: a machine's speed drifts, and what is timed one after the other gets
 * different machines. Every other round goes backwards, so that nobody always follows the same one
 * and a steady drift hits all alike. Only one computes at a time.
 *
 * @param count of rounds
 * @param turnNanos of each turn; a pass that takes longer is finished
 * @param everyRound whether each has a turn in every round, of at least one pass, so that rounds
 *     can be compared one by one; if not, one whose last pass took more than its share waits until
 *     its share has grown
 */
public record Rounds(int count, long turnNanos, boolean everyRound) {
  /** A contestant and the images of its passes. */
  public record Entry(Contestant contestant, int batch) {}

  /**
   * Runs the rounds.
   *
   * @return per entry and round, nanoseconds of each pass of the turn; none where it waited
   * @throws InterruptedException if this thread is interrupted, by then or before the next pass
   */
  public List<List<long[]>> run(List<Entry> entries) throws InterruptedException {
    List<List<long[]>> turns =
        entries.stream().map(entry -> (List<long[]>) new ArrayList<long[]>()).toList();
    long[] used = new long[entries.size()];
    for (int round = 0; round < count; round++) {
      for (int turn = 0; turn < entries.size(); turn++) {
        int index = round % 2 == 0 ? turn : entries.size() - 1 - turn;
        long left = everyRound ? turnNanos : turnNanos * (round + 1) - used[index];
        long[] passes = {};
        if (everyRound || left > 0) {
          Entry entry = entries.get(index);
          passes = entry.contestant().measure(entry.batch(), left);
        }
        for (long nanos : passes) {
          used[index] += nanos;
        }
        turns.get(index).add(passes);
      }
    }
    return turns;
  }
}
