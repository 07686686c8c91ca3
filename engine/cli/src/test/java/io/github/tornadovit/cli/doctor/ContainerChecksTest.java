package io.github.tornadovit.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.cli.doctor.Finding.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits as both versions of control groups write them. */
class ContainerChecksTest {
  @TempDir private Path folder;

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  private ContainerLimits read() {
    return ContainerLimits.read(folder.resolve("cgroup"), folder.resolve("proc"));
  }

  @Test
  void versionTwoTakesTheNarrowestGroup() throws IOException {
    write("proc/self/cgroup", "0::/pods/mine");
    write("cgroup/pods/mine/cpu.max", "150000 100000");
    write("cgroup/pods/mine/memory.max", "max");
    write("cgroup/pods/cpu.max", "max 100000");
    write("cgroup/pods/memory.max", "2147483648");
    assertThat(read()).isEqualTo(new ContainerLimits(1.5, 2147483648L));
    write("cgroup/pods/cpu.max", "50000 100000");
    assertThat(read().processors()).isEqualTo(0.5);
  }

  @Test
  void insideAContainerTheGroupIsMountedAtTheTop() throws IOException {
    write("proc/self/cgroup", "0::/");
    write("cgroup/cpu.max", "400000 100000");
    write("cgroup/memory.max", "1073741824");
    assertThat(read()).isEqualTo(new ContainerLimits(4.0, 1073741824L));
  }

  @Test
  void versionOneHasAFolderPerController() throws IOException {
    write("proc/self/cgroup", "4:memory:/docker/a\n1:cpu:/docker/a");
    write("cgroup/cpu/docker/a/cpu.cfs_quota_us", "200000");
    write("cgroup/cpu/docker/a/cpu.cfs_period_us", "100000");
    write("cgroup/memory/docker/a/memory.limit_in_bytes", "536870912");
    assertThat(read()).isEqualTo(new ContainerLimits(2.0, 536870912L));
    write("cgroup/cpu/docker/a/cpu.cfs_quota_us", "-1");
    write("cgroup/memory/docker/a/memory.limit_in_bytes", "9223372036854771712");
    assertThat(read()).isEqualTo(new ContainerLimits(null, null));
  }

  @Test
  void withoutControlGroupsThereIsNoLimit() throws IOException {
    assertThat(read()).isEqualTo(new ContainerLimits(null, null));
    write("proc/self/cgroup", "no such form");
    write("cgroup/cpu/cpu.cfs_quota_us", "garbage");
    assertThat(read()).isEqualTo(new ContainerLimits(null, null));
  }

  @Test
  void moreProcessorsThanTheQuotaPaysForIsAWarning() {
    Finding tight = ContainerChecks.processors(new ContainerLimits(1.5, null), 8);
    assertThat(tight.status()).isEqualTo(Status.WARNING);
    assertThat(tight.value())
        .isEqualTo("limit 1.50; the JVM sees 8, whose threads will be held back");
    assertThat(tight.remedy()).contains("-XX:ActiveProcessorCount=2");
    assertThat(ContainerChecks.processors(new ContainerLimits(1.5, null), 2).status())
        .isEqualTo(Status.OK);
    assertThat(ContainerChecks.processors(new ContainerLimits(null, null), 8).value())
        .isEqualTo("no limit; the JVM sees 8");
  }

  @Test
  void aHeapAsLargeAsTheLimitIsAWarning() {
    ContainerLimits limits = new ContainerLimits(null, 1L << 30);
    assertThat(ContainerChecks.memory(limits, 1L << 30).status()).isEqualTo(Status.WARNING);
    assertThat(ContainerChecks.memory(limits, 1L << 30).remedy()).contains("MaxRAMPercentage");
    assertThat(ContainerChecks.memory(limits, 1L << 28).status()).isEqualTo(Status.OK);
  }
}
