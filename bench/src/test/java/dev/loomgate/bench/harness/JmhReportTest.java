package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JmhReportTest {
    private static final String JSON = """
            [
                {
                    "jmhVersion" : "1.37",
                    "benchmark" : "dev.loomgate.bench.routers.RouterBenchmark.find",
                    "mode" : "avgt",
                    "params" : {
                        "paths" : "hit",
                        "rules" : "10"
                    },
                    "primaryMetric" : {
                        "score" : 101.0,
                        "scoreUnit" : "ns/op",
                        "rawData" : [
                            [
                                100.0,
                                102.0,
                                101.0
                            ]
                        ]
                    },
                    "secondaryMetrics" : {
                        "gc.alloc.rate.norm" : {
                            "score" : 96.5,
                            "scoreUnit" : "B/op",
                            "rawData" : [
                                [
                                    96.0,
                                    96.5,
                                    97.0
                                ]
                            ]
                        }
                    }
                },
                {
                    "benchmark" : "dev.loomgate.bench.routers.RouterBenchmark.find",
                    "params" : {
                        "paths" : "hit",
                        "rules" : "100"
                    },
                    "primaryMetric" : {
                        "scoreUnit" : "ns/op",
                        "rawData" : [
                            [
                                7.5
                            ]
                        ]
                    },
                    "secondaryMetrics" : {
                    }
                }
            ]
            """;

    private final JmhReport report = new JmhReport();

    @Test
    void aFigureIsFoundByItsMethodAndParameters() {
        report.add(JSON);

        assertThat(report.nanos("find", Map.of("rules", "10", "paths", "hit")).median())
                .isEqualTo(101);
        assertThat(report.bytes("find", Map.of("rules", "10", "paths", "hit")).median())
                .isEqualTo(96.5);
        assertThat(report.nanos("find", Map.of("rules", "100", "paths", "hit")).median())
                .isEqualTo(7.5);
    }

    @Test
    void laterRunsAddTheirIterations() {
        report.add(JSON);
        report.add(JSON.replace("102.0", "120.0").replace("100.0", "90.0"));

        Spread nanos = report.nanos("find", Map.of("rules", "10", "paths", "hit"));
        assertThat(nanos.min()).isEqualTo(90);
        assertThat(nanos.median()).isEqualTo(101);
        assertThat(nanos.max()).isEqualTo(120);
    }

    @Test
    void whatWasNotMeasuredIsRefusedWithWhatWas() {
        report.add(JSON);

        assertThatThrownBy(() -> report.nanos("find", Map.of("rules", "1000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not measured: find rules=1000, but find paths=hit rules=10, find paths=hit rules=100");
    }

    @Test
    void anythingElseIsNoReport() {
        assertThatThrownBy(() -> report.add("[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> report.add("No matching benchmarks."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No matching benchmarks.");
        assertThatThrownBy(() -> report.add(JSON.replace("ns/op", "us/op")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("us/op");
    }
}
