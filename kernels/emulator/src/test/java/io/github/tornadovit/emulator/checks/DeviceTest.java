package io.github.tornadovit.emulator.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The emulator's devices, and the profile of an execution. */
class DeviceTest {
  @Test
  void oneDeviceSaysThatItIsAGpuAndOneACpu() {
    var runtime = TornadoRuntimeProvider.getTornadoRuntime();
    assertThat(runtime.getNumBackends()).isOne();
    var backend = runtime.getBackend(0);
    assertThat(backend.getAllDevices()).hasSize(backend.getNumDevices());
    assertThat(backend.getDevice(0).getDeviceType()).isEqualTo(TornadoDeviceType.GPU);
    assertThat(backend.getDevice(1).getDeviceType()).isEqualTo(TornadoDeviceType.CPU);
    assertThat(backend.getDevice(1).getPhysicalDevice().getDeviceName()).isEqualTo("emulator-0-1");
    assertThat(TornadoExecutionPlan.getDevice(0, 1)).isEqualTo(backend.getDevice(1));
  }

  static void one(FloatArray y) {
    y.set(0, 1f);
  }

  @Test
  void aProfileNamesEachTask() {
    var y = new FloatArray(1);
    var graph =
        new TaskGraph("g")
            .task("a", DeviceTest::one, y)
            .task("b", DeviceTest::one, y)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    var plan =
        new TornadoExecutionPlan(graph.snapshot()).withDevice(TornadoExecutionPlan.getDevice(0, 1));
    assertThat(plan.execute().getProfilerResult().getDeviceKernelTime()).isZero();
    var profile = plan.withProfiler(ProfilerMode.SILENT).execute().getProfilerResult();
    assertThat(profile.getDeviceKernelTime()).isPositive().isLessThan(profile.getTotalTime());
    assertThat(profile.getTotalBytesCopyOut()).isEqualTo(4);
    assertThat(profile.getProfileLog())
        .startsWith("{\n    \"g\": {\n        \"TOTAL_TASK_GRAPH_TIME\": \"")
        .contains(
            "\"g.a\": {", "\"g.b\": {", "\"TASK_KERNEL_TIME\": \"", "\"DEVICE\": \"emulator-0-1\"");
  }
}
