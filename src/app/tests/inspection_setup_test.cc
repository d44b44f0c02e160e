#include <gtest/gtest.h>

#include "app/inspection_setup.h"
#include "app/inspector_configuration.h"
#include "config/setting_table.h"
#include "inspect/engines/clamav/clamd_scanner.h"
#include "support/temp_dir.h"

namespace watchpost::app {
namespace {

// The settings repeat the defaults of modules that stand in higher layers.
TEST(InspectionSetup, TheDefaultSettingsAreTheDefaultsOfTheModules)
{
    const auto settings = to_inspection_settings(config::Settings{});
    const message::Limits message;
    EXPECT_EQ(settings.message_limits.depth_max, message.depth_max);
    EXPECT_EQ(settings.message_limits.parts_max, message.parts_max);
    EXPECT_EQ(settings.message_limits.header_bytes_max, message.header_bytes_max);
    EXPECT_EQ(settings.message_limits.header_fields_max, message.header_fields_max);
    EXPECT_EQ(settings.message_limits.parameters_max, message.parameters_max);
    EXPECT_EQ(settings.message_limits.defects_max, message.defects_max);
    EXPECT_EQ(settings.message_limits.uu_blocks_max, message.uu_blocks_max);
    EXPECT_EQ(settings.message_limits.decoded_children_bytes_max,
              message.decoded_children_bytes_max);
    const unpack::Limits unpack;
    EXPECT_EQ(settings.unpack_limits.depth_max, unpack.depth_max);
    EXPECT_EQ(settings.unpack_limits.members_max, unpack.members_max);
    EXPECT_EQ(settings.unpack_limits.member_bytes_max, unpack.member_bytes_max);
    EXPECT_EQ(settings.unpack_limits.total_bytes_max, unpack.total_bytes_max);
    EXPECT_EQ(settings.unpack_limits.ratio_max, unpack.ratio_max);
    EXPECT_EQ(settings.unpack_limits.ratio_free_bytes, unpack.ratio_free_bytes);
    const inspect::ReportLimits report;
    EXPECT_EQ(settings.report_limits.parts_max, report.parts_max);
    EXPECT_EQ(settings.report_limits.findings_max, report.findings_max);
    EXPECT_EQ(settings.report_limits.defects_max, report.defects_max);
    EXPECT_EQ(settings.report_limits.not_inspected_max, report.not_inspected_max);
}

TEST(InspectionSetup, TheDefaultPoolHasTheDefaultsOfThePipelineAndTheEngine)
{
    const auto pool = to_pool_settings(config::Settings{});
    const pipeline::InspectorLimits limits;
    EXPECT_EQ(pool.inspector.limits.message_bytes_max, limits.message_bytes_max);
    EXPECT_EQ(pool.inspector.limits.time_max, limits.time_max);
    EXPECT_EQ(pool.inspector.limits.cpu_time_max, limits.cpu_time_max);
    EXPECT_EQ(pool.inspector.limits.scan_time_max, limits.scan_time_max);
    EXPECT_EQ(pool.inspector.limits.data_bytes_max, limits.data_bytes_max);
    EXPECT_EQ(pool.inspector.limits.messages_max, limits.messages_max);
    EXPECT_EQ(pool.inspector.limits.leaf_bytes_max, limits.leaf_bytes_max);
    EXPECT_GE(pool.inspectors, 1U);
    const inspect::ClamdSettings clamd;
    const config::ClamavSettings settings;
    EXPECT_EQ(settings.socket, clamd.socket);
    EXPECT_EQ(settings.file_bytes_max, clamd.file_bytes_max);
    EXPECT_EQ(std::chrono::seconds{settings.scan_seconds_max}, clamd.reply_time_max);
}

TEST(InspectionSetup, EnginesThatAreOffAreNotMade)
{
    config::Settings settings;
    EXPECT_EQ(make_engines(settings)->size(), 2U);
    settings.engines.yara = false;
    EXPECT_EQ(make_engines(settings)->size(), 1U);
    settings.engines.attachment = false;
    EXPECT_TRUE(make_engines(settings)->empty());
}

TEST(InspectionSetup, ClamavByItselfIsOnWhereItsSocketIs)
{
    const test::TempDir folder;
    config::Settings settings;
    settings.clamav.socket = folder / "clamd.ctl";
    EXPECT_FALSE(uses_clamav(settings));
    settings.engines.clamav = config::Switch::on;
    EXPECT_TRUE(uses_clamav(settings));
    folder.write("clamd.ctl", "a file, no socket");
    settings.engines.clamav = config::Switch::automatic;
    EXPECT_FALSE(uses_clamav(settings));
}

TEST(InspectorConfiguration, EverySettingArrivesInTheInspector)
{
    config::Settings sent;
    for (const config::Setting& setting : config::setting_table(sent)) { // nothing at its default
        if (const auto* flag = std::get_if<bool*>(&setting.slot)) {
            **flag = !**flag;
        } else if (const auto* number = std::get_if<std::uint64_t*>(&setting.slot)) {
            **number += 1;
        }
    }
    sent.engines.clamav = config::Switch::on;
    sent.clamav.socket = "/somewhere/else";
    sent.yara.rule_files = {"/a.yar", "/b.yar"};
    sent.archives.passwords = {"infected", std::string{"\xff\0x", 3}};
    sent.authentication.trusted_servers = {"mx.example"};
    auto received = decode_settings(encode_settings(sent));
    ASSERT_TRUE(received);
    EXPECT_EQ(encode_settings(*received), encode_settings(sent));
    EXPECT_NE(encode_settings(*received), encode_settings({}));
    EXPECT_EQ(received->archives.passwords, sent.archives.passwords);
}

TEST(InspectorConfiguration, RuleFilesAndTheRulesToBeCheckedArrive)
{
    InspectorConfiguration sent;
    sent.rule_files = {{"/state/rules/1.yar", "mine", verdict::Importance::low}};
    sent.rule_check = pipeline::RuleCheck{"new", "rule a { condition: true }"};
    const auto received = decode_configuration(encode_configuration(sent));
    ASSERT_TRUE(received);
    EXPECT_EQ(received->rule_files, sent.rule_files);
    ASSERT_TRUE(received->rule_check);
    EXPECT_EQ(received->rule_check->source, sent.rule_check->source);
    EXPECT_FALSE(decode_configuration(encode_configuration({}))->rule_check);
}

TEST(InspectorConfiguration, OctetsThatAreCutOffAreRefused)
{
    const auto bytes = encode_settings({});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode_settings(base::ByteView{bytes}.first(size))) << size;
    }
}

} // namespace
} // namespace watchpost::app
