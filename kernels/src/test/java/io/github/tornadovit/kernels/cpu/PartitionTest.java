package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {

  @ParameterizedTest
  @CsvSource({
    "1,1,1,6,1",
    "1,768,63,6,2",
    "197,768,144,6,2",
    "1576,768,144,6,2",
    "1576,768,48,6,64",
    "577,3072,48,4,3",
    "7,100000,1,6,16",
    "5,64,1000,6,16",
  })
  void coversEveryRowAndPanelOnce(int rows, int depth, int panels, int tileRows, int threads) {
    Partition partition = Partition.of(rows, depth, panels, tileRows, threads);
    int[][] covered = new int[rows][panels];
    int largestRows = 0;
    int largestBlock = 0;
    for (int task = 0; task < partition.tasks(); task++) {
      int first = partition.firstRow(task);
      int end = partition.endRow(task);
      assertThat(first % tileRows).isZero();
      assertThat(end).isGreaterThan(first);
      assertThat(partition.endPanel(task)).isGreaterThan(partition.firstPanel(task));
      int tiles = Math.ceilDiv(end - first, tileRows);
      largestRows = Math.max(largestRows, tiles * tileRows);
      largestBlock =
          Math.max(largestBlock, tiles * (partition.endPanel(task) - partition.firstPanel(task)));
      for (int row = first; row < end; row++) {
        for (int panel = partition.firstPanel(task); panel < partition.endPanel(task); panel++) {
          covered[row][panel]++;
        }
      }
    }
    // Scratch is as large: too little is wrong, too much is memory.
    assertThat(partition.largestRows()).isEqualTo(largestRows);
    assertThat(partition.largestBlock()).isEqualTo(largestBlock);
    for (int[] row : covered) {
      assertThat(row).containsOnly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"197,2", "197,16", "1,16", "1576,64"})
  void hasTasksForAllThreads(int rows, int threads) {
    int panels = 144;
    Partition partition = Partition.of(rows, 768, panels, 6, threads);
    assertThat(partition.tasks()).isGreaterThanOrEqualTo(Math.min(4 * threads, panels));
  }
}
