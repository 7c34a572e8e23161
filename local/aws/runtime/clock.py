"""How long a resource takes to become ready.

AWS's typical times, shortened by one printed factor. Only readiness is shortened: what AWS's clients time themselves
(heartbeats, delays, schedules, deregistration) runs in real time.
"""

import os

TIME_SCALE_VARIABLE = "LOCAL_AWS_TIME_SCALE"

# Seconds that AWS typically takes in the middle of the day, from request to ready.
TYPICAL_SECONDS = {
    "AWS::AutoScaling::AutoScalingGroup": 5,
    "AWS::Backup::BackupVault": 5,
    "AWS::CertificateManager::Certificate": 60,
    "AWS::CloudFormation::Stack": 2,
    "AWS::DynamoDB::Table": 10,
    "AWS::EC2::Instance": 30,
    "AWS::EC2::InternetGateway": 15,
    "AWS::EC2::NatGateway": 120,
    "AWS::EC2::VPCEndpoint": 60,
    "AWS::EFS::FileSystem": 10,
    "AWS::EFS::MountTarget": 90,
    "AWS::ElastiCache::ReplicationGroup": 600,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 150,
    "AWS::ElasticLoadBalancingV2::Listener": 2,
    "AWS::IAM::InstanceProfile": 120,
    "AWS::IAM::Role": 15,
    "AWS::RDS::DBInstance": 900,
    "AWS::RDS::DBSnapshot": 120,
    "AWS::Route53::HostedZone": 30,
    "AWS::Route53::RecordSet": 30,
}


def time_scale() -> float:
    """The factor on AWS's times (0.002: what takes AWS 500 seconds takes one here)."""
    return float(os.environ.get(TIME_SCALE_VARIABLE, "0.002"))


def ready_after(kind: str) -> float:
    """Seconds from the request until a resource of this CloudFormation type is ready; 0 for what is ready at once."""
    return TYPICAL_SECONDS.get(kind, 0) * time_scale()
